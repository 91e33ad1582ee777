import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { request } from "node:http";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { afterAll, expect, onTestFinished, test, vi } from "vitest";
import { newId } from "#platform/id";
import { testDatabase } from "#test";
import { dataFolder, runScript, silentServer, startSite } from "./test/process";
import { freePort } from "./test/spawn";

vi.setConfig({ testTimeout: 90_000 });
const external = testDatabase();
const made = mkdtempSync(join(tmpdir(), "toolmint-made-"));
chmodSync(made, 0o755);
afterAll(() => rmSync(made, { recursive: true, force: true }));

/** The address of the embedded database of a data folder. */
function embeddedUrl(folder: string): string {
  const read = (name: string) => readFileSync(join(folder, "postgres", name), "utf8").trim();
  return `postgres://postgres:${read("toolmint-password")}@127.0.0.1:${read("toolmint-port")}/postgres`;
}

function postmaster(folder: string): number | null {
  const file = join(folder, "postgres/postmaster.pid");
  return existsSync(file) ? Number(readFileSync(file, "utf8").split("\n")[0]) : null;
}

async function query(url: string, text: string, values: unknown[] = []): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text, values)).rows;
  } finally {
    await client.end();
  }
}

/** Puts a mail into the outbox of a site, as sign-up does. */
async function aMailJob(url: string): Promise<void> {
  const id = newId("mail");
  await query(
    url,
    `insert into mails (id, recipient, kind, locale, subject, html, text)
     values ($1, 'ada@example.com', 'hello', 'en', 's', 'h', 't')`,
    [id],
  );
  await query(url, "select graphile_worker.add_job('mail.send', json_build_object('mailId', $1::text))", [
    id,
  ]);
}

const jobsOf = (url: string) => query(url, "select attempts, locked_by from graphile_worker.jobs");

/** A data folder with a database that an earlier start has made, copied because making one takes long. */
async function usedFolder(): Promise<string> {
  if (!existsSync(join(made, "postgres"))) {
    const migrated = await runScript(["ops/migrate.ts"], { DATA_DIR: made });
    expect(migrated.code, migrated.said).toBe(0);
  }
  const folder = dataFolder();
  execFileSync("cp", ["-a", join(made, "postgres"), folder]);
  return folder;
}

test("a first start removes what an interrupted one left and makes a database, which commands use; Ctrl-C stops both", async () => {
  const folder = dataFolder();
  const gone = await runScript(["--eval", "process.stdout.write(String(process.pid))"], {});
  mkdirSync(join(folder, `postgres.new-${gone.said}/data`), { recursive: true });
  const site = await startSite({ DATA_DIR: folder });
  await site.ready();
  expect(await query(embeddedUrl(folder), "select count(*)::int as accounts from accounts")).toEqual([
    { accounts: 0 },
  ]);
  expect(site.said()).toContain(`Removed postgres.new-${gone.said}`);
  expect(readdirSync(folder).filter((name) => name.startsWith("postgres"))).toEqual(["postgres"]);
  expect(site.said()).toContain(`is ready:  http://localhost:${new URL(site.url).port}`);
  expect(site.said()).toContain("npm run ops -- owner");
  await commandsUse(folder, Number(new URL(site.url).port));
  expect((await fetch(`${site.url}/healthz`)).status).toBe(200);
  site.signal("SIGINT");
  expect(await site.ended).toBe(0);
  expect(postmaster(folder)).toBeNull();
  expect(existsSync(join(folder, "running.json"))).toBe(false);
});

/** Commands find a running site's database, and say what does not work. */
async function commandsUse(folder: string, port: number): Promise<void> {
  const doctor = await runScript(["ops/index.ts", "doctor"], { DATA_DIR: folder });
  expect(doctor.said).toContain(`Development, running at http://localhost:${port}: this machine only.`);
  expect(doctor.said).toContain("(embedded), up to date.");
  expect(doctor.code).toBe(0);
  const broken = await runScript(["ops/index.ts", "doctor"], {
    DATA_DIR: folder,
    SMTP_URL: `smtp://127.0.0.1:${await freePort()}`,
    MAIL_FROM: "a@example.com",
  });
  expect(broken.said).toMatch(/✗ mail .*ECONNREFUSED.* Check SMTP_URL\./);
  expect(broken.code).toBe(1);
}

test("kill -9 of the site, then of its database too: a new start takes over what runs, or recovers it, with nothing lost", async () => {
  const folder = await usedFolder();
  const kept = () => query(embeddedUrl(folder), "select answer from kept");
  const first = await startSite({ DATA_DIR: folder });
  await first.ready();
  const server = postmaster(folder);
  await query(embeddedUrl(folder), "create table kept as select 42 as answer");
  first.signal("SIGKILL");
  await first.ended;
  const second = await startSite({ DATA_DIR: folder });
  await second.ready();
  expect(postmaster(folder)).toBe(server);
  expect(await kept()).toEqual([{ answer: 42 }]);
  const lock = readFileSync(join(folder, "postgres/postmaster.pid"), "utf8");
  second.signal("SIGKILL");
  process.kill(server ?? 0, "SIGKILL");
  await second.ended;
  // Its process id belongs to somebody else by now.
  writeFileSync(join(folder, "postgres/postmaster.pid"), lock.replace(/^\d+/, String(process.pid)));
  const third = await startSite({ DATA_DIR: folder });
  await third.ready();
  expect(third.said()).toContain("The database was not stopped properly last time");
  expect(await kept()).toEqual([{ answer: 42 }]);
  third.signal("SIGTERM");
  expect(await third.ended).toBe(0);
  expect(postmaster(folder)).toBeNull();
});

test("a half-made data folder gets a sentence that says what to do", async () => {
  const folder = dataFolder();
  mkdirSync(join(folder, "postgres/base"), { recursive: true });
  const site = await startSite({ DATA_DIR: folder });
  expect(await site.ended).toBe(1);
  expect(site.said()).toBe(
    `${folder}/postgres is not a complete database folder (PG_VERSION is missing). ` +
      "Move it away or delete it, then start again.\n",
  );
});

test("a port in use gets a sentence that says what to do, and nothing is left running", async () => {
  const folder = dataFolder();
  const other = createServer();
  const port = await freePort();
  await new Promise<void>((resolve) => other.listen(port, "127.0.0.1", resolve));
  onTestFinished(() => {
    other.close();
  });
  const site = await startSite({ DATA_DIR: folder, PORT: String(port) });
  expect(await site.ended).toBe(1);
  expect(site.said()).toBe(
    `Port ${port} is in use. Stop what listens there, or choose another port: PORT=${port + 1} npm start\n`,
  );
  expect(readdirSync(folder)).toEqual([]);
});

test("in a folder only root may enter the database still starts, elsewhere where it must", async () => {
  const folder = dataFolder(0o700);
  const site = await startSite({ DATA_DIR: folder });
  await site.ready();
  const elsewhere = /the database is in (\/var\/lib\/toolmint\/\w+)\/postgres/.exec(site.said())?.[1];
  expect(Boolean(elsewhere)).toBe(process.getuid?.() === 0);
  expect(postmaster(elsewhere ?? folder)).not.toBeNull();
  site.signal("SIGINT");
  expect(await site.ended).toBe(0);
  if (elsewhere) rmSync(elsewhere, { recursive: true });
});

test("a missing setting is said before anything starts", async () => {
  const site = await startSite({ DATA_DIR: dataFolder(), BASE_URL: "https://tools.example.com" });
  expect(await site.ended).toBe(1);
  expect(site.said()).toBe("AUTH_SECRET: set at least 32 random characters in production.\n");
});

test("in production money's clock shows the real time, whatever was tried with it before, and cannot be moved", async () => {
  await query(external.url(), "update money_clock set shift = interval '40 days'");
  const site = await startSite({
    DATA_DIR: dataFolder(),
    DATABASE_URL: external.url(),
    BASE_URL: "https://tools.example.com",
    AUTH_SECRET: "x".repeat(32),
  });
  await site.ready();
  const [clock] = await query(
    external.url(),
    "select live, money_now() - clock_timestamp() < interval '1 s' as real from money_clock",
  );
  expect(clock).toEqual({ live: true, real: true });
  await expect(query(external.url(), "update money_clock set shift = interval '1 s'")).rejects.toThrow(
    "money_clock_live",
  );
  await query(external.url(), "update money_clock set live = false");
});

async function statusWith(url: string, headers: Record<string, string>): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request(url, { headers }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on("error", reject)
      .end();
  });
}

test("in development a foreign name or a proxy is refused; with DATABASE_URL nothing is embedded; ROLE=api serves no pages", async () => {
  const folder = dataFolder();
  const site = await startSite({ DATA_DIR: folder, DATABASE_URL: external.url() });
  await site.ready();
  expect(existsSync(join(folder, "postgres"))).toBe(false);
  const health = `${site.url}/healthz`;
  expect(await statusWith(health, { Host: "localhost:3000" })).toBe(200);
  expect(await statusWith(health, { Host: "[::1]" })).toBe(200);
  expect(await statusWith(health, { Host: "tools.example.com" })).toBe(421);
  expect(await statusWith(health, { Host: "localhost.example.com" })).toBe(421);
  expect(await statusWith(health, { "X-Forwarded-For": "203.0.113.9" })).toBe(421);
  expect(await statusWith(health, { Forwarded: "for=203.0.113.9" })).toBe(421);
  const page = await fetch(`${site.url}/pricing`);
  expect(page.status).toBe(404);
  expect(page.headers.get("content-type")).toContain("application/problem+json");
});

test("ROLE=worker serves /healthz only and gives a job in flight back when it stops", async () => {
  const smtp = await silentServer();
  const site = await startSite({
    ROLE: "worker",
    DATA_DIR: dataFolder(),
    DATABASE_URL: external.url(),
    SMTP_URL: `smtp://127.0.0.1:${smtp.port}`,
    MAIL_FROM: "a@example.com",
  });
  await site.ready();
  expect((await fetch(`${site.url}/api/openapi.json`)).status).toBe(404);
  await aMailJob(external.url());
  await smtp.called;
  site.signal("SIGINT");
  expect(await site.ended).toBe(0);
  expect(await jobsOf(external.url())).toEqual([{ attempts: 0, locked_by: null }]);
  await query(
    external.url(),
    "select graphile_worker.complete_jobs(array_agg(id)) from graphile_worker.jobs",
  );
});

test("the job of a worker killed with -9 is taken by another within a minute", async () => {
  const smtp = await silentServer();
  const settings = {
    ROLE: "worker",
    DATA_DIR: dataFolder(),
    DATABASE_URL: external.url(),
    SMTP_URL: `smtp://127.0.0.1:${smtp.port}`,
    MAIL_FROM: "a@example.com",
  };
  const first = await startSite(settings);
  await first.ready();
  await aMailJob(external.url());
  await smtp.called;
  const [job] = await jobsOf(external.url());
  first.signal("SIGKILL");
  await first.ended;
  const second = await startSite(settings);
  await second.ready();
  await vi.waitFor(
    async () => {
      const [retried] = await jobsOf(external.url());
      expect(retried?.attempts).toBe(2);
      expect(retried?.locked_by).not.toBe(job?.locked_by);
    },
    { timeout: 60_000, interval: 200 },
  );
  second.signal("SIGKILL");
  await second.ended;
});
