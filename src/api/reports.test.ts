import { existsSync } from "node:fs";
import { join } from "node:path";
import { eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { stopLedger } from "#ledger";
import { announced } from "#platform/changes";
import { acts, contentReports, runs, users } from "#schema";
import { testDatabase, testFolder } from "#test";
import { api } from "./app";
import { aKey, anOwner, aUser, type TestUser } from "./test-caller";
import { balanceOf, begun, fund, read, refused, work } from "./test-tools";

const { db } = testDatabase();
const folder = testFolder();

let owner: TestUser;
let ada: TestUser;

beforeAll(async () => {
  owner = await anOwner();
});
beforeEach(async () => {
  await db().execute(sql`delete from rate_limits`);
  await db().delete(contentReports);
  ada = await aUser("ada");
  await fund(ada, 100n);
});
afterAll(async () => {
  await announced();
  await stopLedger();
});

function send(user: TestUser, method: string, path: string, body?: object): Promise<Response> {
  const headers = { ...user.headers, "content-type": "application/json" };
  return Promise.resolve(
    api.request(`/api/v1${path}`, { method, headers, ...(body && { body: JSON.stringify(body) }) }),
  );
}

async function aResult(tool = "test-echo", user = ada) {
  const run = await begun(user, { tool, input: { text: "a secret of ada", price: 1 } });
  await work(run);
  return run;
}

const told = { reason: "personal", words: " It names my neighbour. " };
const report = (run: { id: string }, user = ada, body: object = told) =>
  send(user, "POST", `/runs/${run.id}/report`, body);
const queue = async (status = "open") =>
  (await (await send(owner, "GET", `/admin/reports?status=${status}`)).json()).data;
const decide = (id: string, decision: string) =>
  send(owner, "POST", `/admin/reports/${id}/decide`, { decision, reason: "as the test wants" });

async function aReport(tool?: string) {
  const run = await aResult(tool);
  expect((await report(run)).status).toBe(201);
  const [first] = await queue();
  return { run, id: String(first.id) };
}

describe("a customer", () => {
  it("reports a result once, reads that it was received, and later that somebody looked", async () => {
    const run = await aResult();
    expect(await (await send(ada, "GET", `/runs/${run.id}/report`)).json()).toEqual({ report: null });
    const answers = await Promise.all([report(run), report(run), report(run, ada, { reason: "hate" })]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 200, 201]);
    const mine = (await (await send(ada, "GET", `/runs/${run.id}/report`)).json()).report;
    expect(mine).toMatchObject({ decided: false });
    expect(await db().$count(contentReports)).toBe(1);
    const [first] = await queue();
    expect((await decide(first.id, "dismissed")).status).toBe(204);
    expect((await (await send(ada, "GET", `/runs/${run.id}/report`)).json()).report.decided).toBe(true);
    expect(await read(ada, `/runs/${run.id}`)).toMatchObject({ outputs: [{ text: "a secret of ada" }] });
  });

  it("cannot report what is another's, has no result, or too much in an hour", async () => {
    const run = await aResult();
    expect(await refused(report(run, await aUser("bob")))).toEqual([404, "not_found"]);
    const failed = await begun(ada, { input: { text: "x", behave: "fail" } });
    await work(failed);
    expect(await refused(report(failed))).toEqual([409, "nothing_to_report"]);
    expect(await refused(report(run, ada, { reason: "because" }))).toEqual([422, "invalid_request"]);
    const { headers } = await aKey(ada, { kind: "own" });
    expect(await refused(report(run, { ...ada, headers }))).toEqual([403, "forbidden"]);
    for (let times = 0; times < 10; times += 1) await report(await aResult());
    expect(await refused(report(await aResult()))).toEqual([429, "rate_limited"]);
  });
});

describe("staff", () => {
  it("see what was said, and the result only after a look that the log keeps", async () => {
    const { run, id } = await aReport();
    const [line] = await queue();
    expect(line).toMatchObject({
      ...{ runId: run.id, tool: "test-echo", reason: "personal", words: "It names my neighbour." },
      ...{ customerId: ada.session.user.id, hasResult: true, status: "open" },
    });
    expect(JSON.stringify(await queue())).not.toContain("secret");
    const file = () => send(owner, "GET", `/admin/reports/${id}/outputs/0`);
    expect(await refused(file())).toEqual([403, "report_not_looked"]);
    const looked = await (await send(owner, "POST", `/admin/reports/${id}/look`)).json();
    expect(looked.outputs).toMatchObject([{ name: "echo.txt", text: "a secret of ada" }]);
    expect(await (await file()).text()).toBe("a secret of ada");
    const [act] = await db().select().from(acts).where(eq(acts.objectId, id));
    expect(act).toMatchObject({ action: "report.look", actorId: owner.session.user.id });
    const other = await anOwner("second");
    expect(await refused(send(other, "GET", `/admin/reports/${id}/outputs/0`))).toEqual([
      403,
      "report_not_looked",
    ]);
  });

  it("of support read the queue, and do not decide", async () => {
    const { id } = await aReport();
    const support = await aUser("support");
    await db().update(users).set({ role: "support" }).where(eq(users.id, support.session.user.id));
    expect((await send(support, "GET", "/admin/reports")).status).toBe(200);
    const body = { decision: "removed", reason: "as the test wants" };
    expect(await refused(send(support, "POST", `/admin/reports/${id}/decide`, body))).toEqual([
      403,
      "forbidden",
    ]);
  });

  it.each(["test-echo", "test-stream"])(
    "remove a result of %s for good; what it cost stays, and what goes on with it is cancelled",
    async (tool) => {
      const { run, id } = await aReport(tool);
      const child = await begun(ada);
      await db()
        .update(runs)
        .set({ parentId: run.id, input: { text: "x", turns: [{ answer: "a secret of ada", message: "m" }] } })
        .where(eq(runs.id, child.id));
      const [available = 0, held = 0] = await balanceOf(ada);
      expect((await decide(id, "removed")).status).toBe(204);
      expect(await read(ada, `/runs/${run.id}`)).toMatchObject({
        ...{ status: "succeeded", outputs: [], text: null, error: { code: "content_removed" } },
      });
      expect(await refused(send(ada, "GET", `/runs/${run.id}/outputs/0`))).toEqual([404, "not_found"]);
      expect(existsSync(join(folder, "files", "runs", run.id))).toBe(false);
      expect((await read(ada, `/runs/${child.id}`)).input).toEqual({ text: "x" });
      expect(await balanceOf(ada)).toEqual([available + held, 0]);
      expect(await refused(send(owner, "POST", `/admin/reports/${id}/look`))).toEqual([404, "not_found"]);
      expect(await queue("removed")).toMatchObject([{ id, hasResult: false }]);
    },
  );

  it("remove a result while somebody begins to go on with it: that run is cancelled as well", async () => {
    const { run, id } = await aReport();
    const child = await begun(ada);
    const [available = 0, held = 0] = await balanceOf(ada);
    let removing: Promise<Response> | undefined;
    await db().transaction(async (tx) => {
      // Whoever begins a run has this lock until it stands.
      const lock = `runs:${ada.session.accountId}`;
      await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${lock}, 0))`);
      removing = decide(id, "removed");
      const waiting = sql`
        select from pg_locks where locktype = 'advisory' and not granted
          and database = (select oid from pg_database where datname = current_database())`;
      await expect.poll(async () => (await db().execute(waiting)).rowCount).toBe(1);
      const input = { text: "x", turns: [{ answer: "a secret of ada", message: "m" }] };
      await tx.update(runs).set({ parentId: run.id, input }).where(eq(runs.id, child.id));
    });
    expect((await removing)?.status).toBe(204);
    expect(await read(ada, `/runs/${child.id}`)).toMatchObject({ status: "canceled", input: { text: "x" } });
    expect(await balanceOf(ada)).toEqual([available + held, 0]);
  });

  it("who decide at the same moment decide once", async () => {
    const { id } = await aReport();
    const answers = await Promise.all(
      ["removed", "dismissed", "removed", "dismissed"].map((decision) => decide(id, decision)),
    );
    expect(answers.map(({ status }) => status).toSorted()).toEqual([204, 409, 409, 409]);
    const decisions = await db().select().from(acts).where(eq(acts.objectId, id));
    expect(decisions).toHaveLength(1);
    const [row] = await db().select().from(contentReports);
    expect(decisions[0]?.after).toMatchObject({ status: row?.status });
    const left = (await read(ada, `/runs/${row?.runId}`)).outputs.length;
    expect(left).toBe(row?.status === "removed" ? 0 : 1);
  });

  it("find open reports on the overview", async () => {
    await aReport();
    const { data } = await (await send(owner, "GET", "/admin/overview/needs")).json();
    const need = data.find(({ name }: { name: string }) => name === "reports");
    expect(need.found).toMatchObject({ state: "known", count: 1 });
  });
});
