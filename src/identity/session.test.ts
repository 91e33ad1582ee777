import { eq } from "drizzle-orm";
import { expect, test } from "vitest";
import { newId } from "#platform/id";
import { sessions } from "#schema";
import { testDatabase } from "#test";
import { aBrowser, aMember, newAddress, origin, password, readMail, requireMail } from "./browser.fixture";
import { deviceOf } from "./device";
import { handleAuth } from "./endpoints";
import { updateProfile } from "./profile";
import { listSessions, requireSession, revokeSession } from "./session";
import { readVisitor, signVisitor } from "./visitor";

const { db } = testDatabase();

test("nobody is signed in without a cookie, or with one whose signature is not ours", async () => {
  await expect(requireSession(new Headers())).rejects.toMatchObject({ code: "unauthenticated" });
  const { browser } = await aMember();
  const [name = "", value = ""] = [...browser.jar][0] ?? [];
  const [token] = decodeURIComponent(value).split(".");
  browser.jar.set(name, encodeURIComponent(`${token}.${"A".repeat(43)}=`));
  expect(await browser.session()).toBeNull();
  browser.jar.set(name, "%E0%A4%A");
  expect(await browser.session()).toBeNull();
});

test("a wrong password and an unknown address are refused alike", async () => {
  const { email } = await aMember();
  const wrong = await aBrowser()
    .signIn(email, "not the password")
    .catch((error) => error);
  const unknown = await aBrowser()
    .signIn(newAddress())
    .catch((error) => error);
  expect(wrong).toMatchObject({ code: "wrong_credentials", facts: {} });
  expect({ ...unknown }).toEqual({ ...wrong });
});

test("signing out ends the session", async () => {
  const { browser } = await aMember();
  const kept = browser.headers();
  await browser.post("/sign-out", {});
  expect(await browser.session()).toBeNull();
  await expect(requireSession(kept)).rejects.toMatchObject({ code: "unauthenticated" });
});

test("a session that has expired is nobody's, and reading it deletes nothing", async () => {
  const { browser } = await aMember();
  const session = await requireSession(browser.headers());
  await db()
    .update(sessions)
    .set({ expiresAt: new Date(Date.now() - 1000) })
    .where(eq(sessions.id, session.id));
  expect(await browser.session()).toBeNull();
  expect(await db().select().from(sessions).where(eq(sessions.id, session.id))).toHaveLength(1);
});

test("reading a session does not renew it; the browser's own visit does", async () => {
  const { browser } = await aMember();
  const { id } = await requireSession(browser.headers());
  const soon = new Date(Date.now() + 5 * 24 * 3600 * 1000);
  await db().update(sessions).set({ expiresAt: soon }).where(eq(sessions.id, id));
  expect((await requireSession(browser.headers())).expiresAt).toEqual(soon);
  const answer = await browser.get("/get-session");
  expect(await answer.json()).toEqual({ signedIn: true });
  expect(answer.headers.getSetCookie().join()).toContain("session_token");
  expect((await requireSession(browser.headers())).expiresAt.getTime()).toBeGreaterThan(soon.getTime());
});

test("the list of devices marks this one, and one of them can be signed out", async () => {
  const { browser, email } = await aMember();
  const phone = aBrowser({
    address: "2001:db8::7",
    userAgent:
      "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1",
  });
  await phone.signIn(email);
  const session = await requireSession(browser.headers());
  const list = await listSessions(session);
  expect(list).toMatchObject([
    { current: true, id: session.id, browser: "Firefox", system: "Linux", ipAddress: "192.0.2.1" },
    { current: false, browser: "Safari", system: "iPhone" },
  ]);
  await revokeSession(session, list[1]?.id ?? "");
  expect(await phone.session()).toBeNull();
  expect(await browser.session()).not.toBeNull();
});

test("another user's session cannot be ended", async () => {
  const { browser } = await aMember();
  const other = await aMember();
  const session = await requireSession(browser.headers());
  const theirs = await requireSession(other.browser.headers());
  await expect(revokeSession(session, theirs.id)).rejects.toMatchObject({ code: "not_found" });
  await expect(revokeSession(session, newId("session"))).rejects.toMatchObject({ code: "not_found" });
  expect(await other.browser.session()).not.toBeNull();
});

test("a changed password signs every other device out and is told by mail", async () => {
  const { browser, email } = await aMember();
  const other = aBrowser();
  await other.signIn(email);
  await browser.post("/change-password", { currentPassword: password, newPassword: "a whole new one" });
  expect(await other.session()).toBeNull();
  expect(await browser.session()).not.toBeNull();
  await expect(aBrowser().signIn(email)).rejects.toMatchObject({ code: "wrong_credentials" });
  await aBrowser().signIn(email, "a whole new one");
  expect(await readMail(email, "passwordChanged")).not.toBeNull();
});

test("a wrong current password changes nothing", async () => {
  const { browser, email } = await aMember();
  await expect(
    browser.post("/change-password", { currentPassword: "a wrong one", newPassword: "a whole new one" }),
  ).rejects.toMatchObject({ code: "wrong_password" });
  await expect(
    browser.post("/change-password", { currentPassword: password, newPassword: "short" }),
  ).rejects.toMatchObject({ code: "invalid_request", facts: { errors: [{ path: "newPassword" }] } });
  await aBrowser().signIn(email);
  expect(await readMail(email, "passwordChanged")).toBeNull();
});

test("only somebody signed in changes a password", async () => {
  await expect(
    aBrowser().post("/change-password", { currentPassword: password, newPassword: "a whole new one" }),
  ).rejects.toMatchObject({ code: "unauthenticated" });
});

test("a forgotten password is set by a link that works once and signs everybody out", async () => {
  const { browser, email } = await aMember();
  await aBrowser().post("/request-password-reset", { email });
  const { token, path, secret } = await requireMail(email, "reset");
  expect({ path, secret }).toEqual({ path: "/reset", secret: true });
  await expect(browser.post("/reset-password", { token, newPassword: "short" })).rejects.toMatchObject({
    code: "invalid_request",
  });
  const stranger = aBrowser();
  await stranger.post("/reset-password", { token, newPassword: "a whole new one" });
  expect(await browser.session()).toBeNull();
  await expect(
    stranger.post("/reset-password", { token, newPassword: "another new one" }),
  ).rejects.toMatchObject({ code: "link_invalid" });
  await expect(aBrowser().signIn(email)).rejects.toMatchObject({ code: "wrong_credentials" });
  await aBrowser().signIn(email, "a whole new one");
  expect(await readMail(email, "passwordChanged")).not.toBeNull();
});

test("a password set by mail also confirms the address", async () => {
  const email = newAddress();
  await aBrowser().signUp(email);
  const owner = aBrowser();
  await owner.post("/request-password-reset", { email });
  const { token } = await requireMail(email, "reset");
  await owner.post("/reset-password", { token, newPassword: "the owner's own" });
  await owner.signIn(email, "the owner's own");
  expect((await owner.session())?.user.emailVerified).toBe(true);
  expect(await readMail(email, "welcome")).not.toBeNull();
});

test("a page of another site cannot use the cookie, nor sign its visitor in", async () => {
  const { browser, email } = await aMember();
  const elsewhere = { origin: "https://evil.example", "sec-fetch-site": "cross-site" };
  await expect(browser.post("/sign-out", {}, elsewhere)).rejects.toMatchObject({ code: "bad_origin" });
  expect(await browser.session()).not.toBeNull();
  await expect(aBrowser().post("/sign-in/email", { email, password }, elsewhere)).rejects.toMatchObject({
    code: "bad_origin",
  });
  await browser.post("/sign-out", {}, { origin: "http://127.0.0.1:3000" });
  expect(await browser.session()).toBeNull();
});

test.each([
  ["GET", "/verify-email?token=x"],
  ["POST", "/update-user"],
  ["POST", "/sign-up/email/"],
  ["POST", "/delete-user"],
  ["GET", "/list-sessions"],
  ["POST", "/start-session"],
])("%s %s does not exist", async (method, path) => {
  await expect(handleAuth(new Request(`${origin}/api/auth${path}`, { method }))).rejects.toMatchObject({
    code: "not_found",
  });
});

test("people change their own name, language and time zone, and nothing else", async () => {
  const { browser } = await aMember();
  const session = await requireSession(browser.headers());
  const change = { name: " Grace ", locale: "zh", timeZone: "Europe/Paris", role: "owner" } as const;
  await updateProfile(session, change);
  expect((await browser.session())?.user).toMatchObject({
    name: "Grace",
    locale: "zh",
    timeZone: "Europe/Paris",
    role: "user",
  });
  for (const timeZone of ["Mars/Olympus", "+02:00"]) {
    await expect(updateProfile(session, { timeZone })).rejects.toMatchObject({
      code: "invalid_request",
      facts: { errors: [{ path: "timeZone" }] },
    });
  }
});

test("a visitor is known by a signed cookie, and cannot choose who they are", () => {
  const { id, setCookie } = signVisitor();
  expect(setCookie).toContain("HttpOnly; SameSite=Lax");
  const cookie = setCookie.split(";")[0] ?? "";
  expect(readVisitor(new Headers({ cookie: `a=b; ${cookie}` }))).toBe(id);
  const forged = cookie.replace(id, newId("visitor"));
  expect(readVisitor(new Headers({ cookie: forged }))).toBeNull();
  expect(readVisitor(new Headers())).toBeNull();
});

test.each([
  [
    "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0",
    "Edge",
    "Windows",
  ],
  [
    "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36",
    "Chrome",
    "Android",
  ],
  [
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1 Version/18.0 Safari/605.1",
    "Safari",
    "macOS",
  ],
  ["something else", null, null],
])("%s is read as a person would name it", (userAgent, browser, system) => {
  expect(deviceOf(userAgent)).toEqual({ browser, system });
});
