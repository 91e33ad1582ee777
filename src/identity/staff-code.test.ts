import { desc, eq } from "drizzle-orm";
import { decodeJwt } from "jose";
import { expect, test } from "vitest";
import type { Id } from "#platform/id";
import { acts, mails, sessions, staffCodes, users } from "#schema";
import { testDatabase } from "#test";
import { aMember } from "./browser.fixture";

/** STAFF_CODE is set: this site asks as one in production does. */

const { db } = testDatabase();

process.env.STAFF_CODE = "true";

async function anAdmin() {
  const { browser, email } = await aMember();
  const session = await browser.session();
  if (!session) throw new Error("Nobody is signed in.");
  await db().update(users).set({ role: "admin" }).where(eq(users.id, session.user.id));
  return { browser, email, id: session.user.id, sessionId: session.id };
}

type Admin = Awaited<ReturnType<typeof anAdmin>>;

async function mailsTo(email: string) {
  const found = await db().select().from(mails).where(eq(mails.recipient, email)).orderBy(desc(mails.id));
  return found.filter(({ kind }) => kind === "staffCode");
}

/** The code of the newest mail. */
async function codeOf({ email }: Admin): Promise<string> {
  const [mail] = await mailsTo(email);
  return /\b\d{6}\b/.exec(mail?.text ?? "")?.[0] ?? "";
}

const enter = ({ browser }: Admin, code: string) =>
  browser.post("/confirm-staff", { code }).catch((error: unknown) => error);
const another = (code: string) => String((Number(code) + 1) % 1_000_000).padStart(6, "0");

test("staff are customers until they have entered the code that was mailed for their session", async () => {
  const admin = await anAdmin();
  expect(await admin.browser.session()).toMatchObject({ awaitsCode: true, user: { role: "user" } });
  expect(decodeJwt((await (await admin.browser.get("/token")).json()).token).role).toBe("user");
  await admin.browser.post("/staff-code", {});
  const [mail] = await mailsTo(admin.email);
  expect(mail?.secret).toBe(true);
  expect(mail?.subject).not.toMatch(/\d{6}/);
  expect(await enter(admin, ` ${await codeOf(admin)} `)).toEqual({ status: true });
  expect(await admin.browser.session()).toMatchObject({ awaitsCode: false, user: { role: "admin" } });
  expect(decodeJwt((await (await admin.browser.get("/token")).json()).token).role).toBe("admin");
  expect(await db().select().from(acts).where(eq(acts.objectId, admin.sessionId))).toMatchObject([
    { action: "staff.enter", actorId: admin.id, actorRole: "admin", address: "192.0.2.1" },
  ]);
});

test("a code opens its own session alone, once, and is stored as a hash", async () => {
  const admin = await anAdmin();
  await admin.browser.post("/staff-code", {});
  const code = await codeOf(admin);
  const [stored] = await db().select().from(staffCodes).where(eq(staffCodes.sessionId, admin.sessionId));
  expect(JSON.stringify(stored)).not.toContain(code);
  const elsewhere = await aMember();
  const other = await elsewhere.browser.session();
  if (!other) throw new Error("Nobody is signed in.");
  await db().update(sessions).set({ userId: admin.id }).where(eq(sessions.id, other.id));
  expect(await enter({ ...admin, browser: elsewhere.browser }, code)).toMatchObject({
    code: "staff_code_over",
  });
  expect(await enter(admin, code)).toEqual({ status: true });
  expect(await enter(admin, code)).toMatchObject({ code: "not_found" });
});

test("five wrong tries end a code, also for the right one; another takes its place", async () => {
  const admin = await anAdmin();
  await admin.browser.post("/staff-code", {});
  const code = await codeOf(admin);
  for (const left of [4, 3, 2, 1]) {
    expect(await enter(admin, another(code))).toMatchObject({ code: "staff_code_wrong", facts: { left } });
  }
  expect(await enter(admin, another(code))).toMatchObject({ code: "staff_code_over" });
  expect(await enter(admin, code)).toMatchObject({ code: "staff_code_over" });
  await admin.browser.post("/staff-code", {});
  expect(await enter(admin, await codeOf(admin))).toEqual({ status: true });
});

test("a code works for ten minutes, and no second one is mailed meanwhile unless it is asked for", async () => {
  const admin = await anAdmin();
  await admin.browser.post("/staff-code", {});
  await admin.browser.post("/staff-code", {});
  expect(await mailsTo(admin.email)).toHaveLength(1);
  const first = await codeOf(admin);
  await admin.browser.post("/staff-code", { again: true });
  expect(await mailsTo(admin.email)).toHaveLength(2);
  const second = await codeOf(admin);
  if (first !== second) expect(await enter(admin, first)).toMatchObject({ code: "staff_code_wrong" });
  await db()
    .update(staffCodes)
    .set({ expiresAt: new Date(Date.now() - 1000) })
    .where(eq(staffCodes.sessionId, admin.sessionId));
  expect(await enter(admin, second)).toMatchObject({ code: "staff_code_over" });
});

test("codes are mailed six times an hour at most", async () => {
  const admin = await anAdmin();
  for (let n = 0; n < 6; n += 1) await admin.browser.post("/staff-code", { again: true });
  const seventh = await admin.browser.post("/staff-code", { again: true }).catch((error: unknown) => error);
  expect(seventh).toMatchObject({ code: "rate_limited" });
});

test("a session asks for the next code after a week", async () => {
  const admin = await anAdmin();
  await confirmed(admin.sessionId, 6);
  expect(await admin.browser.session()).toMatchObject({ awaitsCode: false });
  await confirmed(admin.sessionId, 8);
  expect(await admin.browser.session()).toMatchObject({ awaitsCode: true, user: { role: "user" } });
});

test("customers have no code to enter", async () => {
  const { browser } = await aMember();
  expect(await browser.session()).toMatchObject({ awaitsCode: false });
  for (const path of ["/staff-code", "/confirm-staff"]) {
    const refused = await browser.post(path, { code: "123456" }).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: "not_found" });
  }
});

async function confirmed(id: Id<"session">, daysAgo: number): Promise<void> {
  await db()
    .update(sessions)
    .set({ staffConfirmedAt: new Date(Date.now() - daysAgo * 86_400_000) })
    .where(eq(sessions.id, id));
}
