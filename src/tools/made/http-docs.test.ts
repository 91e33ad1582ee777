import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterAll, expect, it, onTestFinished } from "vitest";
import { applyCommands, openAccount, reconcile, stopLedger } from "#ledger";
import { terminal } from "#platform/audit";
import { announced, stopHearing } from "#platform/changes";
import { db } from "#platform/db";
import { type Id, newId } from "#platform/id";
import { testDatabase, testFolder } from "#test";
import { executeRun, findTool, makeTool, openOutput, publishDraft, startRun, viewRun } from "#tools";
import { aHttpDefinition, moneyOf } from "./http-run.fixture";
import { makeSecret } from "./http-secret";
import { allowPrivate } from "./http-server.fixture";

/** The servers of docs/http-tools.md run as they are written there, and do a published tool's work. */

testDatabase();
const folder = testFolder();
const docs = readFileSync("docs/http-tools.md", "utf8");

afterAll(async () => {
  await announced();
  await stopLedger();
  await stopHearing();
});

/** The first sample of a language. */
function sample(language: string): string {
  const [, code] = new RegExp(`\`\`\`${language}\\n(.*?)\`\`\``, "s").exec(docs) ?? [];
  if (!code) throw new Error(`docs/http-tools.md has no sample in ${language}`);
  return code;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  await new Promise((resolve) => {
    server.close(resolve);
  });
  if (typeof address !== "object" || !address) throw new Error("no port");
  return address.port;
}

/** Starts a sample until the test is over, once it answers. */
async function started(command: string, file: string, code: string, secret: string): Promise<string> {
  const path = join(folder, file);
  writeFileSync(path, code);
  const port = await freePort();
  const { PATH = "" } = process.env;
  const env = { PATH, HOME: folder, NODE_ENV: "test" as const, TOOL_SECRET: secret, PORT: `${port}` };
  const server = spawn(command, [path], { env, stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  server.stderr.on("data", (chunk) => {
    said += chunk;
  });
  server.on("error", (error) => {
    said += error.message;
  });
  onTestFinished(() => {
    server.kill();
  });
  const url = `http://127.0.0.1:${port}/`;
  const unsigned = {
    method: "POST",
    body: "{}",
    headers: { "webhook-timestamp": "1", "webhook-signature": "v1,x" },
  };
  await expect
    .poll(
      () =>
        fetch(url, unsigned).then(
          ({ status }) => status,
          () => said,
        ),
      { timeout: 60_000 },
    )
    .toBe(401);
  return url;
}

async function anAccount(): Promise<Id<"account">> {
  return db().transaction(async (tx) => {
    const accountId = await openAccount(tx, { ownerType: "user", ownerId: newId("user") });
    const why = { cause: "adjustment", source: "promo", expiresAt: null } as const;
    await applyCommands(tx, [{ verb: "grant", accountId, key: "g", credits: 100n, ...why }]);
    return accountId;
  });
}

it.each([
  ["ts", process.execPath, "server.mjs"],
  ["python", "python3", "server.py"],
])(
  "the sample in %s, in ten lines, does a tool's work and is paid what it says that it used",
  async (language, command, file) => {
    allowPrivate();
    const code = sample(language);
    expect(code.trimEnd().split("\n").length).toBeLessThanOrEqual(10);
    const slug = `upper-${language}`;
    const secret = await makeSecret(slug, { seen: null, keepPrevious: true }, terminal);
    const url = await started(command, file, code, secret);
    const price = {
      kind: "upTo",
      rates: { characters: 500 },
      most: { characters: 100 },
      minimum: 0,
    } as const;
    const definition = aHttpDefinition({ kind: "http", url, retries: 0, price });
    const savedAt = await makeTool(slug, definition, { by: terminal });
    await publishDraft(slug, { base: 0, savedAt }, { by: terminal });
    const tool = await findTool(slug);
    if (!tool) throw new Error(`${slug} was not published`);

    const accountId = await anAccount();
    const owner = { accountId };
    const run = async (text: string) => {
      const user = { id: newId("user"), emailVerified: true };
      const order = { owner, user, tool, input: { text }, idempotencyKey: newId("request") };
      const { id } = (await startRun(order)).run;
      await executeRun(id, { jobId: newId("request") });
      return viewRun(owner, id);
    };
    const done = await run("hello, 你好");
    expect(done).toMatchObject({ status: "succeeded", held: 50n, charged: 5n, units: { characters: 9 } });
    const [output] = done.outputs;
    expect(output && (await (await openOutput(output)).toArray()).join("")).toBe("HELLO, 你好");

    // A site with another secret is not served.
    await db().execute(`delete from tool_secrets where slug = '${slug}'`);
    await makeSecret(slug, { seen: null, keepPrevious: true }, terminal);
    expect(await run("hello")).toMatchObject({ status: "failed", errorCode: "tool_bad_answer", charged: 0n });
    expect(await moneyOf(accountId)).toEqual({ available: 95n, held: 0n, open: [] });
    expect(await reconcile(db())).toEqual([]);
  },
  120_000,
);
