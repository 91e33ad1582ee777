import { createServer } from "node:http";
import { createServer as createMailServer } from "node:net";
import { sql } from "drizzle-orm";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { config } from "#platform/config";
import { testDatabase } from "#test";
import { type Found, noteProbes, probeParts } from "./probe";
import { readStatus } from "./status";

const { db } = testDatabase();

beforeEach(async () => {
  await db().execute(sql`truncate probes, probe_days, incidents cascade`);
});

const minute = (text: string) => new Date(`2026-11-26T${text}:20Z`);
const found = (up: boolean, part: Found["part"] = "api"): Found[] => [
  { part, up, ms: 12.4, error: up ? null : "answers 503" },
];

/** Probes of one part, a minute after the other. */
async function probed(from: string, ups: readonly boolean[]): Promise<void> {
  const first = minute(from).getTime();
  for (const [index, up] of ups.entries()) await noteProbes(found(up), new Date(first + index * 60_000));
}

async function part(at: string, name = "api") {
  const status = await readStatus(minute(at));
  return status.parts.find((one) => one.part === name);
}

describe("the status page", () => {
  it("counts each minute once, shows ninety days, and what nobody looked at is not known", async () => {
    await probed("10:00", [true, true, false, true]);
    await noteProbes(found(false), minute("10:00"));
    await db().execute(
      sql`insert into probe_days values ('api', '2026-08-28', 0, 9), ('api', '2026-08-29', 5, 1)`,
    );
    const api = await part("10:04");
    expect(api?.days).toHaveLength(90);
    expect(api?.days[0]).toEqual({ day: "2026-08-29", up: 5, down: 1 });
    expect(api?.days[1]).toEqual({ day: "2026-08-30", up: 0, down: 0 });
    expect(api?.days.at(-1)).toEqual({ day: "2026-11-26", up: 3, down: 1 });
    expect(api).toMatchObject({ up: true, uptime: 8 / 10 });
    expect(await part("10:07")).toMatchObject({ up: null });
    expect(await part("10:04", "web")).toMatchObject({ up: null, uptime: null });
    expect(await part("10:04", "mail")).toBeUndefined();
  });

  it("opens an incident after three minutes without an answer, once, and ends it after three with one", async () => {
    await probed("10:00", [true, false, false, true]);
    expect((await readStatus(minute("10:04"))).incidents).toEqual([]);
    await probed("10:10", [false, false, false, false, true, true]);
    const open = { part: "api", origin: "probe", startedAt: new Date("2026-11-26T10:10:00Z") };
    expect((await readStatus(minute("10:16"))).incidents).toMatchObject([{ ...open, resolvedAt: null }]);
    await probed("10:16", [true]);
    expect((await readStatus(minute("10:17"))).incidents).toMatchObject([
      { ...open, resolvedAt: new Date("2026-11-26T10:14:00Z") },
    ]);
  });
});

async function listening(server: ReturnType<typeof createServer> | ReturnType<typeof createMailServer>) {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.close();
  });
  const address = server.address();
  return typeof address === "object" && address ? address.port : 0;
}

it("probes ask the site, the queue and the mail server, and say in few words what is wrong", async () => {
  const site = createServer((request, response) => {
    response.writeHead(request.url === "/healthz" ? 503 : 200, { connection: "close" }).end();
  });
  const mail = createMailServer((socket) => {
    socket.on("error", () => undefined);
    socket.write("220 ready\r\n");
  });
  const before = { ...config() };
  onTestFinished(() => {
    Object.assign(config(), before, { SMTP_URL: before.SMTP_URL });
  });
  Object.assign(config(), {
    baseUrl: `http://127.0.0.1:${await listening(site)}`,
    SMTP_URL: `smtp://user:secret@127.0.0.1:${await listening(mail)}`,
  });
  await db().execute(sql`select graphile_worker.add_job('x', run_at => now() - interval '6 minutes')`);
  const all = await probeParts();
  expect(all.map(({ part, up, error }) => [part, up, error])).toEqual([
    ["web", true, null],
    ["api", false, "answers 503"],
    ["worker", false, "jobs wait for more than 5 min"],
    ["mail", true, null],
  ]);
  config().baseUrl = "http://127.0.0.1:9";
  const [web] = await probeParts();
  expect(web).toMatchObject({ up: false });
  expect(web?.error).not.toContain("127.0.0.1");
});
