import { eq } from "drizzle-orm";
import { expect, test } from "vitest";
import { findAccount } from "#ledger";
import { sessions, users, verifications } from "#schema";
import { testDatabase } from "#test";
import { aBrowser, aMember, newAddress, password, readMail, requireMail } from "./browser.fixture";

const { db } = testDatabase();

async function userOf(email: string) {
  const [user] = await db().select().from(users).where(eq(users.email, email));
  if (!user) throw new Error("no such user");
  return user;
}

test("signing up sends a link that confirms the address and signs that browser in", async () => {
  const browser = aBrowser();
  const email = newAddress();
  const answer = await browser.signUp(email.toUpperCase(), { locale: "zh", timeZone: "Asia/Shanghai" });
  expect(await answer.json()).toEqual({ status: true });
  expect(await browser.session()).toBeNull();
  const mail = await requireMail(email, "verify");
  expect(mail).toMatchObject({ locale: "zh", secret: true, path: "/verify" });
  expect(await browser.post("/verify-email", { token: mail.token })).toEqual({
    result: "confirmed",
    signedIn: true,
  });
  const session = await browser.session();
  expect(session?.user).toMatchObject({
    email,
    emailVerified: true,
    role: "user",
    locale: "zh",
    timeZone: "Asia/Shanghai",
  });
  expect(session?.accountId).toBe(
    await findAccount(db(), { ownerType: "user", ownerId: session?.user.id ?? "" }),
  );
});

test("a link works once, and says that it was used", async () => {
  const { browser, email } = await aMember();
  const { token } = await requireMail(email, "verify");
  expect(await browser.post("/verify-email", { token })).toEqual({ result: "used", signedIn: true });
  expect(await aBrowser().post("/verify-email", { token })).toEqual({ result: "used", signedIn: false });
});

test("two clicks at the same moment confirm once", async () => {
  const browser = aBrowser();
  const email = newAddress();
  await browser.signUp(email);
  const { token } = await requireMail(email, "verify");
  const results = await Promise.all([1, 2, 3].map(() => browser.post("/verify-email", { token })));
  expect(results.map(({ result }) => result).sort()).toEqual(["confirmed", "used", "used"]);
});

test("another browser than the one that signed up is not signed in by the link", async () => {
  const email = newAddress();
  await aBrowser().signUp(email);
  const { token } = await requireMail(email, "verify");
  const phone = aBrowser();
  expect(await phone.post("/verify-email", { token })).toEqual({ result: "confirmed", signedIn: false });
  expect(await phone.session()).toBeNull();
  expect((await userOf(email)).emailVerified).toBe(true);
});

test("an expired link and an invented one confirm nothing", async () => {
  const email = newAddress();
  const browser = aBrowser();
  await browser.signUp(email);
  const { token } = await requireMail(email, "verify");
  await db()
    .update(verifications)
    .set({ expiresAt: new Date(Date.now() - 1000) });
  await expect(browser.post("/verify-email", { token })).rejects.toMatchObject({ code: "link_invalid" });
  await expect(browser.post("/verify-email", { token: "x" })).rejects.toMatchObject({ code: "link_invalid" });
  expect((await userOf(email)).emailVerified).toBe(false);
});

test("the link can be sent again, and the token itself is not stored", async () => {
  const email = newAddress();
  const browser = aBrowser();
  await browser.signUp(email);
  const first = await requireMail(email, "verify");
  expect(await browser.post("/send-verification-email", { email })).toEqual({ status: true });
  const second = await requireMail(email, "verify");
  expect(second.token).not.toBe(first.token);
  const rows = await db().select().from(verifications);
  expect(JSON.stringify(rows)).not.toContain(second.token);
  expect(await browser.post("/verify-email", { token: second.token })).toMatchObject({ result: "confirmed" });
});

test("an unverified user may sign in, and is known as unverified", async () => {
  const email = newAddress();
  const browser = aBrowser();
  await browser.signUp(email);
  await browser.signIn(email);
  expect((await browser.session())?.user.emailVerified).toBe(false);
});

test("signing up with a known address answers the same and tells its owner", async () => {
  const { email, browser: owner } = await aMember();
  const stranger = aBrowser();
  const answer = await stranger.signUp(email, { password: "another password", name: "Buy now" });
  const fresh = await aBrowser().signUp(newAddress());
  expect(await answer.json()).toEqual(await fresh.json());
  expect(answer.status).toBe(fresh.status);
  expect(answer.headers.getSetCookie().length).toBe(fresh.headers.getSetCookie().length);
  const mail = await requireMail(email, "alreadyRegistered");
  expect(mail.path).toBe("/reset");
  expect(mail.html).not.toContain("Buy now");
  expect((await userOf(email)).name).toBe("Ada");
  await expect(stranger.signIn(email, "another password")).rejects.toMatchObject({
    code: "wrong_credentials",
  });
  expect(await owner.session()).not.toBeNull();
});

test("two sign-ups with one address at the same moment make one user, and both answer the same", async () => {
  const email = newAddress();
  const answers = await Promise.all([1, 2, 3].map(() => aBrowser().signUp(email)));
  for (const answer of answers) expect(await answer.json()).toEqual({ status: true });
  expect(await db().select().from(users).where(eq(users.email, email))).toHaveLength(1);
});

test("asking for a link or a reset with an unknown address answers as with a known one", async () => {
  const unknown = newAddress();
  const browser = aBrowser();
  expect(await browser.post("/send-verification-email", { email: unknown })).toEqual({ status: true });
  expect(await browser.post("/request-password-reset", { email: unknown })).toEqual({ status: true });
  expect(await readMail(unknown, "reset")).toBeNull();
  expect(await readMail(unknown, "verify")).toBeNull();
});

test("nobody chooses their own role", async () => {
  const email = newAddress();
  await aBrowser().signUp(email, { role: "owner", emailVerified: true, id: "usr_mine" });
  expect(await userOf(email)).toMatchObject({ role: "user", emailVerified: false });
});

test.each([
  ["name", { name: " " }],
  ["email", { email: "not an address" }],
  ["password", { password: "too short" }],
  ["password", { password: "x".repeat(129) }],
])("a wrong %s is named", async (path, wrong) => {
  await expect(aBrowser().signUp(newAddress(), wrong)).rejects.toMatchObject({
    code: "invalid_request",
    facts: { errors: [{ path }] },
  });
});

test("an address gets so many mails an hour, known or not", async () => {
  const email = newAddress();
  const browser = aBrowser();
  for (let i = 0; i < 6; i++) await browser.post("/request-password-reset", { email });
  await expect(browser.post("/request-password-reset", { email })).rejects.toMatchObject({
    code: "rate_limited",
  });
  await expect(browser.signUp(email)).rejects.toMatchObject({ code: "rate_limited" });
});

test("no answer carries a session's token", async () => {
  const { browser, email } = await aMember();
  const [row] = await db()
    .select({ token: sessions.token })
    .from(sessions)
    .where(eq(sessions.userId, (await userOf(email)).id));
  const token = row?.token ?? "none";
  expect(token.length).toBeGreaterThan(20);
  const answers = [await browser.get("/get-session"), await aBrowser().signIn(email, password)];
  for (const answer of answers) expect(await answer.text()).not.toContain(token);
});
