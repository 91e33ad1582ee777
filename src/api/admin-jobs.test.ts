import { eq, sql } from "drizzle-orm";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { db } from "#platform/db";
import { acts, users } from "#schema";
import { runJobs, testDatabase } from "#test";
import { api } from "./app";
import type { JobJson, JobsJson, SchedulesJson } from "./contract";
import { aUser, type TestUser } from "./test-caller";

testDatabase();

let owner: TestUser;

beforeAll(async () => {
  owner = await aUser("owner");
  await db().update(users).set({ role: "owner" }).where(eq(users.id, owner.session.user.id));
});

beforeEach(async () => {
  await db().execute(sql`delete from graphile_worker._private_jobs`);
});

async function send(path: string, body?: unknown) {
  const answer = await api.request(`/api/v1/admin${path}`, {
    method: body === undefined ? "GET" : "POST",
    headers: { ...owner.headers, "content-type": "application/json" },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return { status: answer.status, body: answer.status === 204 ? null : await answer.json() };
}

async function jobs(query = ""): Promise<JobsJson> {
  return (await send(`/jobs${query}`)).body;
}

/** A job, as it stands after its tries. */
async function aJob(task: string, { attempts = 0, maxAttempts = 1, error = "" } = {}): Promise<string> {
  const { rows } = await db().execute<{ id: bigint }>(
    sql`select id from graphile_worker.add_job(${task}, '{}', max_attempts => ${maxAttempts}::int)`,
  );
  const id = String(rows[0]?.id);
  await db().execute(sql`update graphile_worker._private_jobs
    set attempts = ${attempts}, last_error = nullif(${error}, '') where id = ${id}::bigint`);
  return id;
}

const idsOf = ({ data }: { data: JobJson[] }) => data.map(({ id }) => id);

describe("jobs", () => {
  it("are listed by their state, with their error and their tries, page by page", async () => {
    const failed = await aJob("billing.event", { attempts: 1, error: "Stripe is away" });
    const retrying = await aJob("mail.send", { attempts: 1, maxAttempts: 5 });
    const queued = await aJob("run.execute");
    const all = await jobs();
    expect(idsOf(all)).toEqual([queued, retrying, failed]);
    expect(all.counts).toEqual({ failed: 1, retrying: 1, queued: 1, running: 0 });
    expect((await jobs("?state=failed")).data).toMatchObject([
      {
        ...{ id: failed, task: "billing.event", error: "Stripe is away", attempts: 1, maxAttempts: 1 },
        ...{ nextAt: null, loss: "nightly" },
      },
    ]);
    expect(idsOf(await jobs("?task=run."))).toEqual([queued]);
    const first = await jobs("?limit=2");
    expect(idsOf(await jobs(`?cursor=${first.nextCursor}`))).toEqual([failed]);
  });

  it("that were given up are tried again at once, and it stands in the audit log", async () => {
    const id = await aJob("test.job", { attempts: 1, error: "no" });
    let done = 0;
    const tasks = {
      "test.job": () => {
        done += 1;
      },
    };
    await runJobs(tasks);
    expect(done).toBe(0);
    const { status, body } = await send(`/jobs/${id}/retry`, {});
    expect([status, body.state, body.attempts]).toEqual([202, "queued", 0]);
    await runJobs(tasks);
    expect(done).toBe(1);
    expect(await db().select().from(acts).where(eq(acts.objectId, id))).toMatchObject([
      { action: "job.retry", before: { task: "test.job", state: "failed", attempts: 1 } },
    ]);
    expect((await send(`/jobs/${id}/retry`, {})).status).toBe(404);
  });

  it("are dropped for a reason, but none whose work would be lost with it", async () => {
    const letter = await aJob("mail.send", { attempts: 1 });
    const owed = await aJob("billing.end-surplus", { attempts: 1 });
    const unknown = await aJob("who.knows", { attempts: 1 });
    expect((await send(`/jobs/${letter}/discard`, { reason: "" })).status).toBe(422);
    for (const id of [owed, unknown]) {
      const { status, body } = await send(`/jobs/${id}/discard`, { reason: "tidying up" });
      expect([status, body.code]).toEqual([409, "job_needed"]);
    }
    expect((await send(`/jobs/${letter}/discard`, { reason: "tidying up" })).status).toBe(204);
    expect(idsOf(await jobs())).toEqual([unknown, owed]);
    expect(await db().select().from(acts).where(eq(acts.objectId, letter))).toMatchObject([
      { action: "job.discard", before: { task: "mail.send" }, reason: "tidying up" },
    ]);
  });

  it("that a worker has are left to it", async () => {
    const id = await aJob("mail.send");
    await db().execute(sql`update graphile_worker._private_jobs
      set locked_at = now(), locked_by = 'w' where id = ${id}::bigint`);
    for (const act of ["retry", "discard"]) {
      const { status, body } = await send(`/jobs/${id}/${act}`, { reason: "tidying up" });
      expect([status, body.code]).toEqual([409, "job_running"]);
    }
    expect((await jobs()).data).toMatchObject([{ state: "running", nextAt: null }]);
  });
});

describe("schedules", () => {
  it("say when they come next", async () => {
    const { data }: SchedulesJson = (await send("/schedules")).body;
    const nightly = data.find(({ task }) => task === "billing.check");
    expect(nightly).toMatchObject({ pattern: "41 3 * * *", lastAt: null });
    const next = new Date(nightly?.nextAt ?? 0);
    expect([next.getUTCHours(), next.getUTCMinutes()]).toEqual([3, 41]);
    expect(next.getTime() - Date.now()).toBeLessThanOrEqual(24 * 3_600_000);
    expect(next.getTime()).toBeGreaterThan(Date.now());
  });
});
