import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { newId } from "#platform/id";
import { atMost, fixed } from "./price";
import { executeTool, type ToolWork } from "./runner";
import { faultyTool } from "./runner.faulty";
import { defineTool, type ToolDefinition } from "./tool";

// Each test starts processes: on a busy machine that takes its time.
vi.setConfig({ testTimeout: 90_000 });

const faulty = join(import.meta.dirname, "runner.faulty.ts");
const folder = mkdtempSync(join(tmpdir(), "toolmint-runner-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Said = { progress: [number, string][]; text: string };

function workFor(tool: ToolWork["tool"], signal = new AbortController().signal): ToolWork & { said: Said } {
  const said: Said = { progress: [], text: "" };
  return {
    runId: newId("run"),
    tool,
    input: {},
    files: [],
    outputDirectory: mkdtempSync(join(folder, "run-")),
    signal,
    onProgress: (fraction, step) => said.progress.push([fraction, String(step)]),
    onText: (delta) => {
      said.text += delta;
    },
    said,
  };
}

const run = (work: ToolWork) => executeTool(work, faulty);
const pidOf = (work: ToolWork) => Number(readFileSync(join(work.outputDirectory, "pid"), "utf8"));

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe("a tool in a process of its own", () => {
  it("gives its result, progress and text, at the quoted price", async () => {
    const work = workFor(faultyTool("greets"));
    const result = await run(work);
    expect(result.outputs).toEqual([
      { name: "out.txt", mediaType: "text/plain", text: `hello from ${pidOf(work)}` },
    ]);
    expect(pidOf(work)).not.toBe(process.pid);
    expect(result.usage).toEqual({ credits: 2n, units: { run: 1 } });
    expect(work.said.progress).toEqual([
      [0, "starting"],
      [0.5, "writing"],
    ]);
    expect(work.said.text).toBe("hello");
  });

  it("serves the next run of the same tool from the same process", async () => {
    const first = workFor(faultyTool("greets"));
    const second = workFor(faultyTool("greets"));
    await run(first);
    await run(second);
    expect(pidOf(second)).toBe(pidOf(first));
  });

  it("serves two runs at once from two processes", async () => {
    const both = [workFor(faultyTool("greets")), workFor(faultyTool("greets"))];
    await Promise.all(both.map(run));
    expect(new Set(both.map(pidOf)).size).toBe(2);
  });

  it("sees none of the worker's settings", async () => {
    process.env.TOOLMINT_SECRET = "s3cret";
    const [output] = (await run(workFor(faultyTool("knows-secrets")))).outputs;
    expect(JSON.stringify(output)).toContain("NODE_ENV");
    expect(JSON.stringify(output)).not.toContain("s3cret");
  });

  it("fails with its own error", async () => {
    await expect(run(workFor(faultyTool("refuses")))).rejects.toMatchObject({ code: "file_corrupt" });
  });

  it.each(["throws", "dies"])("that %s has crashed, and the worker lives", async (slug) => {
    await expect(run(workFor(faultyTool(slug)))).rejects.toMatchObject({
      name: "ToolError",
      code: "crashed",
    });
  });

  it("is killed on cancel, even in the middle of a computation", async () => {
    const cancel = new AbortController();
    const work = workFor(faultyTool("works-forever"), cancel.signal);
    const reason = new Error("cancelled");
    const ended = expect(run(work)).rejects.toBe(reason);
    await expect.poll(() => work.said.progress, { timeout: 60_000 }).toContainEqual([0.1, "converting"]);
    cancel.abort(reason);
    await ended;
    await expect.poll(() => isAlive(pidOf(work)), { timeout: 10_000 }).toBe(false);
  });

  it("is killed when its time is up", async () => {
    const work = workFor(faultyTool("works-forever", { timeoutSeconds: 6, memoryMb: 400 }));
    await expect(run(work)).rejects.toMatchObject({ code: "timed_out" });
    await expect.poll(() => isAlive(pidOf(work)), { timeout: 10_000 }).toBe(false);
  });

  it.each(["eats-memory", "fills-the-heap"])("that %s is killed at its limit", async (slug) => {
    const work = workFor(faultyTool(slug, { timeoutSeconds: 60, memoryMb: 250 }));
    await expect(run(work)).rejects.toMatchObject({ code: "out_of_memory" });
    await expect.poll(() => isAlive(pidOf(work)), { timeout: 10_000 }).toBe(false);
  });

  it("does not outlive its worker, even in the middle of a computation", async () => {
    const outputDirectory = mkdtempSync(join(folder, "run-"));
    const worker = spawn(process.execPath, ["--import", "tsx", faulty, outputDirectory], { stdio: "ignore" });
    const pidFile = join(outputDirectory, "pid");
    await expect
      .poll(() => existsSync(pidFile) && readFileSync(pidFile, "utf8"), { timeout: 60_000 })
      .toBeTruthy();
    worker.kill("SIGKILL");
    const pid = Number(readFileSync(pidFile, "utf8"));
    await expect.poll(() => isAlive(pid), { timeout: 20_000 }).toBe(false);
  });

  it("is not started when cancelled before", async () => {
    const work = workFor(faultyTool("greets"), AbortSignal.abort(new Error("too late")));
    await expect(run(work)).rejects.toThrow("too late");
    expect(() => pidOf(work)).toThrow("ENOENT");
  });
});

const input = z.strictObject({});

function hereTool(definition: Pick<ToolDefinition<typeof input>, "price" | "run">, timeoutSeconds = 30) {
  const { files: _, ...rest } = faultyTool("here", { timeoutSeconds, memoryMb: 100 });
  return defineTool({ ...rest, ...definition, input, files: null, process: "worker" });
}

describe("a tool in the worker", () => {
  it("is charged what it used, and never more than was held", async () => {
    const price = atMost({ run: 1 }, () => ({ run: 5 }));
    const used = (units: { run: number }) =>
      run(workFor(hereTool({ price, run: async () => ({ outputs: [], usage: { units } }) })));
    expect((await used({ run: 3 })).usage).toEqual({ credits: 3n, units: { run: 3 } });
    expect((await used({ run: 9 })).usage).toEqual({ credits: 5n, units: { run: 5 } });
  });

  it("that resolves after its time was up has failed", async () => {
    const tool = hereTool(
      {
        price: fixed(1),
        run: ({ signal }) =>
          new Promise((resolve) => signal.addEventListener("abort", () => resolve({ outputs: [] }))),
      },
      0.05,
    );
    await expect(run(workFor(tool))).rejects.toMatchObject({ code: "timed_out" });
  });

  it("that resolves when cancelled is charged for what it delivered", async () => {
    const cancel = new AbortController();
    const tool = hereTool({
      price: atMost({ run: 1 }, () => ({ run: 8 })),
      run: ({ signal }) =>
        new Promise((resolve) =>
          signal.addEventListener("abort", () => resolve({ outputs: [], usage: { units: { run: 2 } } })),
        ),
    });
    const ended = run(workFor(tool, cancel.signal));
    cancel.abort();
    expect((await ended).usage).toEqual({ credits: 2n, units: { run: 2 } });
  });

  it("that throws has crashed", async () => {
    const tool = hereTool({
      price: fixed(1),
      run: () => Promise.reject(new TypeError("oops")),
    });
    await expect(run(workFor(tool))).rejects.toMatchObject({ code: "crashed" });
  });
});
