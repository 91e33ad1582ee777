import { eq, sql } from "drizzle-orm";
import sharp from "sharp";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { tasks } from "#identity";
import { stopLedger } from "#ledger";
import { announced } from "#platform/changes";
import { config } from "#platform/config";
import { newId } from "#platform/id";
import { entries, holds, runs, uploads } from "#schema";
import { runJobs, testDatabase, testFolder } from "#test";
import { purgeFiles } from "#tools";
import { api } from "./app";
import { aUser, origin, type TestUser } from "./test-caller";
import { read, refused, start, work } from "./test-tools";

const { db } = testDatabase();
testFolder();

beforeEach(async () => {
  await db().execute(sql`delete from rate_limits`);
});

afterAll(async () => {
  await announced();
  await stopLedger();
});

type Visitor = Pick<TestUser, "headers">;

async function picture(width = 40, height = 30): Promise<File> {
  const plain = sharp({ create: { width, height, channels: 3, background: "teal" } });
  return new File([new Uint8Array(await plain.png().toBuffer())], "p.png", { type: "image/png" });
}

async function give(file: File, visitor?: Visitor): Promise<Response> {
  const body = new FormData();
  body.set("file", file);
  const headers = { ...visitor?.headers, "idempotency-key": newId("request") };
  return await api.request("/api/v1/uploads", { method: "POST", body, headers });
}

/** Somebody new, who has uploaded a picture. */
async function aVisitor(): Promise<{ visitor: Visitor; upload: { id: string } }> {
  const answer = await give(await picture());
  expect(answer.status).toBe(201);
  const cookie = answer.headers.getSetCookie()[0]?.split(";")[0] ?? "";
  expect(cookie).toMatch(/^toolmint\.visitor=/);
  return { visitor: { headers: { cookie, origin } }, upload: await answer.json() };
}

function run(visitor: Visitor, upload: { id: string }) {
  return start({ ...visitor, session: nobody }, { tool: "test-picture", input: { images: [upload.id] } });
}

let nobody: TestUser["session"];

beforeEach(async () => {
  nobody ??= (await aUser("somebody")).session;
});

/** Of the link that the mailbox shows. */
async function confirmationToken(email: string): Promise<string> {
  await runJobs(tasks.system ?? {});
  const { data } = await (await api.request(`/api/dev/mails?to=${email}&kind=verify`)).json();
  const mail = await (await api.request(`/api/dev/mails/${data[0].id}`)).json();
  return new URL(mail.links[0]).searchParams.get("token") ?? "";
}

describe("a visitor", () => {
  it("tries a tool for nothing, and the ledger hears nothing of it", async () => {
    const { visitor, upload } = await aVisitor();
    const answer = await run(visitor, upload);
    expect(answer.status).toBe(201);
    const begun = await answer.json();
    expect(begun).toMatchObject({ status: "queued", held: 0 });
    await work(begun);
    const done = await read({ ...visitor, session: nobody }, `/runs/${begun.id}`);
    expect(done).toMatchObject({ status: "succeeded", charged: 0, outputs: [{ mediaType: "image/png" }] });
    const result = await api.request(`${done.outputs[0].url}?inline=1`, { headers: visitor.headers });
    expect(result.headers.get("content-disposition")).toMatch(/^inline/);
    expect(await db().$count(holds)).toBe(0);
    expect(await db().$count(entries)).toBe(0);
    const quote = await api.request("/api/v1/tools/test-picture/quote", {
      method: "POST",
      headers: { ...visitor.headers, "content-type": "application/json" },
      body: JSON.stringify({ input: { images: [upload.id] } }),
    });
    expect(await quote.json()).toMatchObject({ credits: 0, available: null, short: 0 });
  });

  it("may try only what is offered to visitors, with small files", async () => {
    const { visitor, upload } = await aVisitor();
    const other = start({ ...visitor, session: nobody });
    expect(await refused(other)).toEqual([401, "unauthenticated"]);
    const large = await (await give(await picture(200, 200), visitor)).json();
    const answer = await (await run(visitor, large)).json();
    expect(answer).toMatchObject({ status: 422, errors: [{ path: "input.images.0" }] });
    const stranger = (await aVisitor()).visitor;
    expect(await (await run(stranger, upload)).json()).toMatchObject({
      errors: [{ path: "input.images.0" }],
    });
    expect(await refused(api.request("/api/v1/balance", { headers: visitor.headers }))).toEqual([
      401,
      "unauthenticated",
    ]);
  });

  it("who forges the cookie is nobody", async () => {
    const forged = { headers: { cookie: "toolmint.visitor=vis_0000000000000000000000000a.xyz", origin } };
    const list = api.request("/api/v1/runs", { headers: forged.headers });
    expect(await refused(list)).toEqual([401, "unauthenticated"]);
  });

  it("is forgotten after an hour", async () => {
    const { visitor, upload } = await aVisitor();
    const begun = await (await run(visitor, upload)).json();
    await work(begun);
    await db().update(runs).set({ expiresAt: sql`now()` }).where(eq(runs.id, begun.id));
    await db().update(uploads).set({ expiresAt: sql`now()` }).where(eq(uploads.id, upload.id));
    await purgeFiles();
    expect(await db().$count(runs, eq(runs.id, begun.id))).toBe(0);
    expect(await refused(api.request(`/api/v1/runs/${begun.id}`, { headers: visitor.headers }))).toEqual([
      404,
      "not_found",
    ]);
  });

  it("who signs in keeps what was tried", async () => {
    const { visitor, upload } = await aVisitor();
    const begun = await (await run(visitor, upload)).json();
    await work(begun);
    const ada = await aUser("ada");
    const both = { cookie: `${ada.headers.cookie}; ${visitor.headers.cookie}`, origin };
    const me = await (await api.request("/api/v1/me", { headers: both })).json();
    expect(me).toMatchObject({ user: { name: "ada" }, verified: true, adoptedRuns: 1 });
    const mine = await read(ada, `/runs/${begun.id}`);
    expect(mine).toMatchObject({ status: "succeeded", charged: 0, files: [{ id: upload.id }] });
    expect(Date.parse(mine.expiresAt)).toBeGreaterThan(Date.now() + 20 * 86_400_000);
    expect(await read({ ...visitor, session: nobody }, "/runs")).toMatchObject({ data: [] });
  });

  it("who signs in, or confirms a mail address, needs to ask nothing more to keep what was tried", async () => {
    const password = "correct horse battery";
    const email = `${newId("user").slice(-8)}@example.com`;
    const auth = async (path: string, body: unknown, cookie: string) => {
      const answer = await api.request(`${origin}/api/auth${path}`, {
        method: "POST",
        headers: { cookie, origin, "content-type": "application/json" },
        body: JSON.stringify(body),
      });
      expect(answer.status).toBe(200);
      return [cookie, ...answer.headers.getSetCookie().map((line) => line.split(";")[0])].join("; ");
    };
    const tried = async () => {
      const { visitor, upload } = await aVisitor();
      const begun = await (await run(visitor, upload)).json();
      await work(begun);
      return { id: begun.id, cookie: visitor.headers.cookie ?? "" };
    };
    const first = await tried();
    const signedUp = await auth("/sign-up/email", { name: "Eve", email, password }, first.cookie);
    const verified = await auth("/verify-email", { token: await confirmationToken(email) }, signedUp);
    const second = await tried();
    await auth("/sign-in/email", { email, password }, second.cookie);
    const mine = await api.request("/api/v1/runs", {
      headers: { cookie: verified.replace(first.cookie, "") },
    });
    const ids = (await mine.json()).data.map(({ id }: { id: string }) => id);
    expect(ids.sort()).toEqual([first.id, second.id].sort());
  });

  it("is not let in where the operator does not want it", async () => {
    const { visitor, upload } = await aVisitor();
    config().TRY_IT = false;
    try {
      expect(await refused(run(visitor, upload))).toEqual([401, "unauthenticated"]);
      expect(await refused(give(await picture()))).toEqual([401, "unauthenticated"]);
    } finally {
      config().TRY_IT = true;
    }
  });

  it("may try a few times a day from one address, however many cookies it has", async () => {
    const statuses: number[] = [];
    for (let i = 0; i < 9; i++) {
      const { visitor, upload } = await aVisitor();
      statuses.push((await run(visitor, upload)).status);
    }
    expect(statuses).toEqual([...Array(8).fill(201), 429]);
    expect(await db().$count(runs, sql`${runs.visitorId} is not null`)).toBeGreaterThanOrEqual(8);
  });

  it("cannot begin anew with each address of its own IPv6 network", async () => {
    const from = async (remoteAddress: string) => {
      const body = new FormData();
      body.set("file", await picture());
      const headers = { "idempotency-key": newId("request") };
      const env = { incoming: { socket: { remoteAddress } } };
      return (await api.request("/api/v1/uploads", { method: "POST", body, headers }, env)).status;
    };
    for (let i = 0; i < 20; i++) expect(await from(`2001:db8:1:2::${i + 1}`)).toBe(201);
    expect(await from("2001:db8:1:2:a:b:c:d")).toBe(429);
    expect(await from("2001:db8:1:3::1")).toBe(201);
  });
});
