import { eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { stopLedger } from "#ledger";
import { announced, stopHearing } from "#platform/changes";
import { shutDown } from "#platform/shutdown";
import { runs } from "#schema";
import { testDatabase, testFolder } from "#test";
import { api } from "./app";
import { aKey, aUser, signedInAgain, type TestUser } from "./test-caller";
import { begun, cancel, fund, refused, untilWorking, work } from "./test-tools";

const { db } = testDatabase();
testFolder();

let ada: TestUser;

beforeAll(async () => {
  ada = await aUser("ada");
  await fund(ada, 100n);
});

afterAll(async () => {
  await announced();
  await stopHearing();
  await stopLedger();
});

type StreamEvent = { id: string | null; event: string; data: Record<string, unknown> };

/** A client of a stream: hands out its events one by one. */
class Reader {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  #text = "";

  constructor(answer: Response) {
    if (!answer.body) throw new Error("no stream");
    this.#reader = answer.body.getReader();
  }

  /** The next event; null at the stream's end. */
  async next(): Promise<StreamEvent | null> {
    for (;;) {
      const end = this.#text.indexOf("\n\n");
      if (end >= 0) {
        const lines = this.#text.slice(0, end).split("\n");
        this.#text = this.#text.slice(end + 2);
        const value = (name: string) =>
          lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2) ?? null;
        const event = value("event");
        if (event) return { id: value("id"), event, data: JSON.parse(value("data") ?? "{}") };
        continue;
      }
      const { done, value } = await this.#reader.read();
      if (done) return null;
      this.#text += new TextDecoder().decode(value);
    }
  }

  /** The first event of which this is true. */
  async until(wanted: (event: StreamEvent) => boolean): Promise<StreamEvent> {
    for (;;) {
      const event = await this.next();
      if (!event) throw new Error("the stream ended");
      if (wanted(event)) return event;
    }
  }

  close(): Promise<void> {
    return this.#reader.cancel();
  }
}

async function open(path: string, user = ada, headers: Record<string, string> = {}): Promise<Reader> {
  return new Reader(await api.request(`/api/v1${path}`, { headers: { ...user.headers, ...headers } }));
}

describe("GET /api/v1/events", () => {
  it("is not opened by a HEAD, which nobody would read", async () => {
    for (let i = 0; i < 13; i++) {
      const head = await api.request("/api/v1/events", { method: "HEAD", headers: ada.headers });
      expect(head.status).toBe(200);
    }
  });

  it("begins with a snapshot, then names what changed", async () => {
    const events = await open("/events");
    expect(await events.next()).toMatchObject({
      event: "snapshot",
      data: { available: 100, held: 0, running: [] },
    });
    const run = await begun(ada);
    expect(await events.next()).toMatchObject({ event: "changed", data: { runs: [run.id], balance: true } });
    const later = await open("/events");
    expect(await later.next()).toMatchObject({ data: { available: 95, held: 5, running: [run.id] } });
    await work(run);
    await events.until(({ data }) => data.balance === true);
    await Promise.all([events.close(), later.close()]);
  });

  it("tells nobody of another's runs", async () => {
    const bob = await aUser("bob");
    await fund(bob, 10n);
    const events = await open("/events", bob);
    expect(await events.next()).toMatchObject({ event: "snapshot" });
    await work(await begun(ada));
    const own = await begun(bob);
    expect(await events.next()).toMatchObject({ data: { runs: [own.id] } });
    await events.close();
  });

  it("ends at once when its session is revoked elsewhere", async () => {
    const mia = await aUser("mia");
    const phone = await signedInAgain(mia);
    const [events, kept] = [await open("/events", phone), await open("/events", mia)];
    await Promise.all([events.next(), kept.next()]);
    const revoked = await api.request(`/api/v1/me/sessions/${phone.session.id}`, {
      method: "DELETE",
      headers: mia.headers,
    });
    expect(revoked.status).toBe(204);
    expect(await events.next()).toBeNull();
    await fund(mia, 5n);
    await work(await begun(mia));
    expect(await kept.next()).toMatchObject({ event: "changed" });
    await kept.close();
  });

  it.each([
    ["sign-out", "/sign-out", {}],
    [
      "a changed password",
      "/change-password",
      { currentPassword: "correct horse battery", newPassword: "a whole new one" },
    ],
  ])("ends at once with %s", async (_, path, body) => {
    const noa = await aUser("noa", { password: "correct horse battery" });
    const phone = await signedInAgain(noa);
    const events = await open("/events", path === "/sign-out" ? noa : phone);
    await events.next();
    await api.request(`http://localhost:3000/api/auth${path}`, {
      method: "POST",
      headers: { ...noa.headers, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    expect(await events.next()).toBeNull();
  });

  it("ends when its API key is revoked", async () => {
    const liv = await aUser("liv");
    const key = await aKey(liv, { kind: "own" });
    const events = new Reader(await api.request("/api/v1/events", { headers: key.headers }));
    await events.next();
    await api.request(`/api/v1/keys/${key.id}`, { method: "DELETE", headers: liv.headers });
    expect(await events.next()).toBeNull();
  });

  it("ends when its session was ended while nobody listened", async () => {
    const pia = await aUser("pia");
    const events = await open("/events", pia);
    await events.next();
    await db().transaction(async (tx) => {
      await tx.execute(sql`alter table sessions disable trigger sessions_ended`);
      await tx.execute(sql`delete from sessions where id = ${pia.session.id}`);
      await tx.execute(sql`alter table sessions enable trigger sessions_ended`);
    });
    await db().execute(sql`
      select pg_terminate_backend(pid) from pg_stat_activity
      where query = 'listen toolmint_changes' and datname = current_database()`);
    // The snapshot that follows a lost connection may be on its way already.
    while ((await events.next()) !== null);
  });

  it("sends a snapshot again after the database connection was lost", async () => {
    const events = await open("/events");
    await events.next();
    await db().execute(sql`
      select pg_terminate_backend(pid) from pg_stat_activity
      where query = 'listen toolmint_changes' and datname = current_database()`);
    expect(await events.until(({ event }) => event === "snapshot")).toBeTruthy();
    const run = await begun(ada);
    await events.until(({ data }) => Array.isArray(data.runs) && data.runs.includes(run.id));
    await events.close();
  });

  it("allows a browser so many streams and no more", async () => {
    const eve = await aUser("eve");
    const streams = await Promise.all(Array.from({ length: 12 }, () => open("/events", eve)));
    expect(await refused(api.request("/api/v1/events", { headers: eve.headers }))).toEqual([
      429,
      "rate_limited",
    ]);
    await Promise.all(streams.map((stream) => stream.close()));
    const again = await open("/events", eve);
    expect(await again.next()).toMatchObject({ event: "snapshot" });
    await again.close();
  });
});

describe("GET /api/v1/runs/{id}/text", () => {
  it("sends what was stored, then what comes, then the end", async () => {
    const input = { text: "one two three", behave: "half", price: 5 };
    const run = await begun(ada, { tool: "test-stream", input });
    const working = untilWorking(input.text);
    const done = work(run);
    await working;
    const text = await open(`/runs/${run.id}/text`);
    const first = await text.next();
    expect(first).toMatchObject({ event: "text", id: "1:0", data: { text: "one two " } });
    await cancel(ada, run);
    expect(await text.next()).toMatchObject({ event: "end", data: { status: "canceled" } });
    expect(await text.next()).toBeNull();
    await done;
    const resumed = await open(`/runs/${run.id}/text`, ada, { "last-event-id": "1:0" });
    expect(await resumed.next()).toMatchObject({ event: "end" });
  });
});

describe("a text whose worker stopped in between", () => {
  it("begins anew for whoever had read the attempt before", async () => {
    const input = { text: "one two three", behave: "half", price: 5 };
    const run = await begun(ada, { tool: "test-stream", input });
    const stopping = new AbortController();
    const working = untilWorking(input.text);
    const interrupted = work(run, "job", stopping.signal);
    await working;
    const text = await open(`/runs/${run.id}/text`);
    const read = await text.next();
    await text.close();
    stopping.abort();
    await expect(interrupted).rejects.toThrow("stopping");
    const well = { ...input, behave: "well" };
    await db().update(runs).set({ input: well }).where(eq(runs.id, run.id));
    await work(run, "job");
    for (const id of [read?.id ?? "", "no id of ours"]) {
      const resumed = await open(`/runs/${run.id}/text`, ada, { "last-event-id": id });
      expect(await resumed.next()).toMatchObject({ event: "reset" });
      expect(await resumed.next()).toMatchObject({ event: "text", data: { text: "one two three " } });
      expect(await resumed.next()).toMatchObject({ event: "end", data: { status: "succeeded" } });
    }
  });
});

describe("a stopping process", () => {
  it("ends its streams and opens no more", async () => {
    const events = await open("/events");
    await events.next();
    const stopped = shutDown();
    expect(await events.next()).toBeNull();
    await stopped;
    expect(await refused(api.request("/api/v1/events", { headers: ada.headers }))).toEqual([503, "busy"]);
  });
});
