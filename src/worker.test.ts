import { EventEmitter, once } from "node:events";
import { sql } from "drizzle-orm";
import { pino } from "pino";
import { expect, it } from "vitest";
import { enqueue } from "#platform/queue";
import { singleton } from "#platform/singleton";
import { cutConnection, testDatabase } from "#test";
import { startWorker } from "./worker";

const { db, url } = testDatabase();

it("a job that fails in a query tells neither the log nor its row what was in it", async () => {
  const lines: string[] = [];
  singleton("log").set(pino({ level: "trace" }, { write: (line: string) => lines.push(line) }));
  const link = "https://example.com/reset?token=a-secret";
  const failing = async () => {
    await db().execute(sql`insert into mails (id) values (${link})`);
  };
  const worker = await startWorker({ databaseUrl: url(), domains: [{ system: { "test.fail": failing } }] });
  await enqueue(db(), "test.fail", {});
  const failure = async () => {
    const { rows } = await db().execute<{ last_error: string | null }>(
      sql`select last_error from graphile_worker.jobs where task_identifier = 'test.fail'`,
    );
    return rows[0]?.last_error;
  };
  await expect.poll(failure).toBe("Failed query: insert into mails (id) values ($1)");
  await worker.stop();
  const said = lines.join("");
  expect(said).toContain("Failed query: insert into mails (id) values ($1)");
  expect(said).not.toContain("a-secret");
});

it.each(["forward", "drop"] as const)(
  "a connection lost as a job's end is noted (%s) ends neither the process nor the job's time",
  async (fate) => {
    const cut = await cutConnection(url(), "delete from", { fate });
    const done: string[] = [];
    const counting = async () => {
      done.push(fate);
    };
    const worker = await startWorker({
      databaseUrl: cut.url,
      domains: [{ system: { "test.count": counting } }],
    });
    await enqueue(db(), "test.count", {});
    const waiting = async () => {
      const { rows } = await db().execute<{ id: string }>(
        sql`select id from graphile_worker.jobs where task_identifier = 'test.count'`,
      );
      return [done.length, rows.length];
    };
    await expect.poll(waiting).toEqual([1, 0]);
    expect(cut.times()).toBe(1);
    await worker.stop();
  },
);

it("jobs that wait keep nobody from computing, however many they are", async () => {
  const gate = new EventEmitter().setMaxListeners(0);
  let waits = 0;
  const computed: unknown[] = [];
  const waiting = {
    "test.wait": async () => {
      waits += 1;
      await once(gate, "open");
    },
  };
  const runs = {
    "test.compute": async (payload: unknown) => {
      computed.push(payload);
    },
  };
  const worker = await startWorker({ databaseUrl: url(), domains: [{ waiting, runs }] });
  for (let n = 0; n < 12; n += 1) await enqueue(db(), "test.wait", {});
  await expect.poll(() => waits).toBe(12);
  await enqueue(db(), "test.compute", { after: 12 });
  await expect.poll(() => computed).toEqual([{ after: 12 }]);
  gate.emit("open");
  await worker.stop();
});
