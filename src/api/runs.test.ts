import { eq } from "drizzle-orm";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { stopLedger } from "#ledger";
import { announced } from "#platform/changes";
import { outputs } from "#schema";
import { testDatabase, testFolder } from "#test";
import { api } from "./app";
import { aUser, type TestUser } from "./test-caller";
import { balanceOf, begun, cancel, fund, read, refused, start, work } from "./test-tools";

const { db } = testDatabase();
testFolder();

let ada: TestUser;

beforeEach(async () => {
  ada = await aUser("ada");
  await fund(ada, 100n);
});

afterAll(async () => {
  await announced();
  await stopLedger();
});

describe("a run", () => {
  it("holds its price, gives the result, and charges", async () => {
    const run = await begun(ada, { input: { text: "hello" } });
    expect(run).toMatchObject({ status: "queued", held: 5, charged: 0, queuePosition: 1, attempt: 1 });
    expect(await balanceOf(ada)).toEqual([95, 5]);
    await work(run);
    const done = await read(ada, `/runs/${run.id}`);
    expect(done).toMatchObject({
      status: "succeeded",
      ...{ held: 5, charged: 5, returned: 0, progress: 1, attempt: 1, error: null },
      facts: { length: 5 },
      outputs: [{ position: 0, name: "echo.txt", bytes: 5, text: "hello" }],
    });
    expect(await balanceOf(ada)).toEqual([95, 0]);
    const file = await api.request(done.outputs[0].url, { headers: ada.headers });
    expect(await file.text()).toBe("hello");
    expect(file.headers.get("content-disposition")).toContain("attachment");
    const { data } = await read(ada, "/entries?kind=consumed");
    expect(data).toMatchObject([
      { credits: -5, cause: "tool:test-echo", reference: { type: "run", id: run.id } },
    ]);
  });

  it("refuses text that cannot be stored", async () => {
    for (const text of ["a\u0000b", "half a face: \ud83d"]) {
      expect(await refused(start(ada, { input: { text } }))).toEqual([400, "malformed_request"]);
    }
    expect(await refused(cancel(ada, { id: "run%00" }))).toEqual([400, "malformed_request"]);
    expect((await read(ada, "/runs?tool=%00")).status).toBe(400);
    expect((await read(ada, "/runs?from=0000-01-01T00:00:00Z")).status).toBeLessThan(500);
    expect(await balanceOf(ada)).toEqual([100, 0]);
  });

  it("charges what was used of what was held", async () => {
    const run = await begun(ada, { tool: "test-stream", input: { text: "one two three", price: 9 } });
    await work(run);
    const done = await read(ada, `/runs/${run.id}`);
    expect(done).toMatchObject({ held: 9, charged: 3, returned: 6, text: "one two three " });
    expect(await balanceOf(ada)).toEqual([97, 0]);
  });

  it("that fails gives everything back and says why", async () => {
    const run = await begun(ada, { input: { text: "x", behave: "fail" } });
    await work(run);
    const done = await read(ada, `/runs/${run.id}`);
    expect(done).toMatchObject({
      status: "failed",
      charged: 0,
      returned: 5,
      error: { code: "nothing_found" },
    });
    expect(await balanceOf(ada)).toEqual([100, 0]);
  });

  it("whose tool crashes keeps our secrets", async () => {
    const run = await begun(ada, { input: { text: "x", behave: "crash" } });
    await work(run);
    const { error } = await read(ada, `/runs/${run.id}`);
    expect(error).toEqual({ code: "crashed", message: "The run could not be finished." });
    expect(await balanceOf(ada)).toEqual([100, 0]);
  });

  it("may cost nothing", async () => {
    const poor = await aUser("poor");
    const run = await begun(poor, { input: { text: "x", price: 0 } });
    await work(run);
    expect(await read(poor, `/runs/${run.id}`)).toMatchObject({ status: "succeeded", charged: 0 });
  });
});

describe("starting", () => {
  it("twenty times at once with one key is one run and one charge", async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => start(ada, { key: "twice" })));
    expect(answers.map(({ status }) => status).sort()).toEqual([...Array(19).fill(200), 201]);
    const ids = new Set(await Promise.all(answers.map(async (answer) => (await answer.json()).id)));
    expect(ids.size).toBe(1);
    expect(await balanceOf(ada)).toEqual([95, 5]);
  });

  it("refuses a key that began another run", async () => {
    await begun(ada, { key: "mine" });
    expect(await refused(start(ada, { key: "mine", input: { text: "other" } }))).toEqual([
      409,
      "idempotency_conflict",
    ]);
  });

  it("without enough credits says how many are missing, and leaves nothing behind", async () => {
    const poor = await aUser("poor");
    await fund(poor, 5n);
    const order = { key: "short", input: { text: "x", price: 12 } };
    const answer = await start(poor, order);
    expect(answer.status).toBe(402);
    expect(await answer.json()).toMatchObject({ code: "insufficient_credits", need: 12, have: 5, short: 7 });
    expect((await read(poor, "/runs")).data).toEqual([]);
    await fund(poor, 7n);
    expect((await start(poor, order)).status).toBe(201);
  });

  it("needs a confirmed mail address", async () => {
    const eve = await aUser("eve", { verified: false });
    expect(await refused(start(eve))).toEqual([403, "mail_unverified"]);
  });

  it("needs somebody, a key, a sound input, a tool, and its settings", async () => {
    expect(await refused(start({ ...ada, headers: {} }))).toEqual([401, "unauthenticated"]);
    const noKey = await api.request("/api/v1/tools/test-echo/runs", {
      method: "POST",
      headers: { ...ada.headers, "content-type": "application/json" },
      body: JSON.stringify({ input: { text: "x" } }),
    });
    expect(await noKey.json()).toMatchObject({ status: 422, errors: [{ path: "Idempotency-Key" }] });
    const wrong = await start(ada, { input: { text: "", colour: "red" } });
    const { errors } = await wrong.json();
    expect(errors.map(({ path }: { path: string }) => path).sort()).toEqual(["input.colour", "input.text"]);
    expect(await refused(start(ada, { tool: "nothing" }))).toEqual([404, "not_found"]);
    expect(await refused(start(ada, { tool: "test-unset" }))).toEqual([409, "tool_not_configured"]);
    expect(await balanceOf(ada)).toEqual([100, 0]);
  });

  it("answers a body that is no JSON, no object, or not said to be JSON", async () => {
    const send = (body: string, type: string) =>
      api.request("/api/v1/tools/test-echo/runs", {
        method: "POST",
        headers: { ...ada.headers, "content-type": type, "idempotency-key": "k" },
        body,
      });
    expect(await refused(send("{", "application/json"))).toEqual([400, "malformed_request"]);
    expect(await refused(send("[]", "application/json"))).toEqual([422, "invalid_request"]);
    expect(await refused(send("a=b", "application/x-www-form-urlencoded"))).toEqual([
      415,
      "unsupported_media_type",
    ]);
    const big = JSON.stringify({ input: { text: "x".repeat(1_100_000) } });
    expect(await refused(send(big, "application/json"))).toEqual([413, "payload_too_large"]);
  });

  it("refuses more runs at once than an account may have", async () => {
    await Promise.all(Array.from({ length: 5 }, () => begun(ada, { input: { text: "x", price: 1 } })));
    const answer = await start(ada, { input: { text: "x", price: 1 } });
    expect(answer.headers.get("retry-after")).toBe("5");
    expect(await refused(answer)).toEqual([429, "rate_limited"]);
  });

  it("refuses a run of somebody whose results fill the storage, and answers what was begun before", async () => {
    const run = await begun(ada, { key: "first" });
    await work(run);
    await db()
      .update(outputs)
      .set({ bytes: 1024 ** 3 })
      .where(eq(outputs.runId, run.id));
    expect(await refused(start(ada))).toEqual([413, "storage_full"]);
    expect((await start(ada, { key: "first" })).status).toBe(200);
    expect(await balanceOf(ada)).toEqual([95, 0]);
  });

  it("prices by the code that prices the run", async () => {
    const quote = (price: number) =>
      api.request("/api/v1/tools/test-echo/quote", {
        method: "POST",
        headers: { ...ada.headers, "content-type": "application/json" },
        body: JSON.stringify({ input: { text: "x", price } }),
      });
    expect(await (await quote(30)).json()).toMatchObject({
      ...{ kind: "exact", credits: 30, available: 100, availableAfter: 70, short: 0 },
      lines: [{ label: "run", quantity: 30, unitCredits: 1, credits: 30 }],
    });
    expect(await (await quote(130)).json()).toMatchObject({ availableAfter: 0, short: 30 });
    expect(await balanceOf(ada)).toEqual([100, 0]);
  });
});

describe("another's run", () => {
  it("answers 404 wherever it is named", async () => {
    const bob = await aUser("bob");
    const run = await begun(ada);
    await work(run);
    const paths = [`/runs/${run.id}`, `/runs/${run.id}/outputs/0`, `/runs/${run.id}/text`];
    for (const path of paths) {
      expect(await refused(api.request(`/api/v1${path}`, { headers: bob.headers }))).toEqual([
        404,
        "not_found",
      ]);
    }
    expect(await refused(cancel(bob, run))).toEqual([404, "not_found"]);
    expect((await read(bob, "/runs")).data).toEqual([]);
  });

  it("answers 401 to nobody", async () => {
    for (const path of ["/runs", "/runs/run_x", "/runs.csv", "/runs/run_x/outputs/0", "/events"]) {
      expect(await refused(api.request(`/api/v1${path}`))).toEqual([401, "unauthenticated"]);
    }
  });
});

describe("the list of runs", () => {
  it("pages, newest first, and filters", async () => {
    const made = [];
    for (let i = 0; i < 5; i++) made.push(await begun(ada, { input: { text: `${i}` } }));
    for (const run of made.slice(0, 2)) await work(run);
    const first = await read(ada, "/runs?limit=3");
    expect(first.data.map(({ id }: { id: string }) => id)).toEqual(
      made
        .slice(2)
        .reverse()
        .map(({ id }) => id),
    );
    const rest = await read(ada, `/runs?limit=3&cursor=${first.nextCursor}`);
    expect(rest.data.map(({ id }: { id: string }) => id)).toEqual(
      made
        .slice(0, 2)
        .reverse()
        .map(({ id }) => id),
    );
    expect(rest.nextCursor).toBeNull();
    expect((await read(ada, "/runs?status=queued,running")).data).toHaveLength(3);
    expect((await read(ada, "/runs?tool=test-stream")).data).toEqual([]);
    expect((await read(ada, `/runs?from=${new Date(Date.now() + 1000).toISOString()}`)).data).toEqual([]);
    const wrong = await read(ada, "/runs?status=lost");
    expect(wrong).toMatchObject({ status: 422, errors: [{ path: "status" }] });
    expect(await read(ada, "/runs?cursor=bm9wZQ")).toMatchObject({ errors: [{ path: "cursor" }] });
    expect(await read(ada, "/runs?limit=1000")).toMatchObject({ errors: [{ path: "limit" }] });
  });

  it("exports the filtered runs as CSV", async () => {
    const run = await begun(ada);
    await work(run);
    await begun(ada);
    const answer = await api.request("/api/v1/runs.csv?status=succeeded", { headers: ada.headers });
    expect(answer.headers.get("content-type")).toBe("text/csv; charset=utf-8");
    const lines = (await answer.text()).trim().split("\r\n");
    expect(lines).toHaveLength(2);
    expect(lines[1]).toContain(`${run.id},`);
    expect(lines[1]).toMatch(/,test-echo,succeeded,5,5,0,\d+\.\d,$/);
  });
});
