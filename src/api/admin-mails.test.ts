import { eq } from "drizzle-orm";
import { beforeAll, describe, expect, it } from "vitest";
import { db } from "#platform/db";
import { type Id, newId } from "#platform/id";
import { acts, mails, users } from "#schema";
import { testDatabase } from "#test";
import { api } from "./app";
import type { MailJson } from "./contract";
import { aUser, type TestUser } from "./test-caller";

testDatabase();

let support: TestUser;
let failed: Id<"mail">;
let secret: Id<"mail">;
let sent: Id<"mail">;

beforeAll(async () => {
  support = await aUser("support");
  await db().update(users).set({ role: "support" }).where(eq(users.id, support.session.user.id));
  failed = await aMail("ada@example.com", {
    status: "failed",
    error: "550 no such mailbox",
    kind: "welcome",
  });
  secret = await aMail("ben@example.com", { status: "failed", secret: true, kind: "reset" });
  sent = await aMail("cy@example.com", { status: "sent", kind: "welcome" });
});

const began = Date.now();
let written = 0;

/** Each a moment after the one before: those of one moment are listed in either order. */
async function aMail(recipient: string, given: Partial<typeof mails.$inferInsert>): Promise<Id<"mail">> {
  written += 1;
  const id = newId("mail", began + written);
  const text = { subject: "Hello", html: "<p>Hello</p>", text: "Hello, reader" };
  await db()
    .insert(mails)
    .values({ id, recipient, kind: "welcome", locale: "en", ...text, ...given });
  return id;
}

async function ask(path: string, method = "GET") {
  const answer = await api.request(`/api/v1/admin/mails${path}`, { method, headers: support.headers });
  return { status: answer.status, body: await answer.json() };
}

const idsOf = ({ body }: { body: { data: MailJson[] } }) => body.data.map(({ id }) => id);

describe("mails", () => {
  it("are listed newest first, by state, kind and recipient, without their text", async () => {
    expect(idsOf(await ask(""))).toEqual([sent, secret, failed]);
    expect(idsOf(await ask("?status=failed"))).toEqual([secret, failed]);
    expect(idsOf(await ask("?kind=welcome&to=ADA"))).toEqual([failed]);
    const first = await ask("?limit=2");
    expect(idsOf(await ask(`?cursor=${first.body.nextCursor}`))).toEqual([failed]);
    expect(JSON.stringify(first.body)).not.toContain("reader");
  });

  it("show their text, unless it lets its reader in", async () => {
    expect((await ask(`/${failed}`)).body).toMatchObject({
      text: "Hello, reader",
      error: "550 no such mailbox",
    });
    expect((await ask(`/${secret}`)).body.text).toBeNull();
    expect((await ask("/mail_none")).status).toBe(404);
  });

  it("that could not be sent are sent again, others are not", async () => {
    expect((await ask(`/${secret}/resend`, "POST")).body.code).toBe("mail_not_kept");
    expect((await ask(`/${sent}/resend`, "POST")).body.code).toBe("mail_not_failed");
    expect((await ask(`/${failed}/resend`, "POST")).body).toMatchObject({ status: "waiting", error: null });
    expect((await ask(`/${failed}/resend`, "POST")).status).toBe(409);
    expect(await db().select().from(acts).where(eq(acts.objectId, failed))).toMatchObject([
      { action: "mail.resend", before: { status: "failed" }, after: { status: "waiting" } },
    ]);
  });
});
