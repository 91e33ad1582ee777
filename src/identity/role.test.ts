import { createLocalJWKSet, jwtVerify } from "jose";
import { expect, test } from "vitest";
import { terminal } from "#platform/audit";
import { testDatabase } from "#test";
import { aBrowser, aMember, origin } from "./browser.fixture";
import { changeRole, hasOwner, listStaff, makeOwner } from "./role";

testDatabase();

test("the site has no owner until the operator makes one", async () => {
  const { browser, email } = await aMember();
  expect(await hasOwner()).toBe(false);
  await makeOwner(` ${email.toUpperCase()} `);
  expect(await hasOwner()).toBe(true);
  expect((await browser.session())?.user.role).toBe("owner");
});

test("the last owner stays, and of two who take each other's role at once one does", async () => {
  const { email } = await aMember();
  const [first] = await listStaff();
  if (!first) throw new Error("nobody owns the site");
  const by = terminal;
  await expect(changeRole({ id: first.id }, "support", { by })).rejects.toMatchObject({ code: "last_owner" });
  const second = await changeRole({ email }, "owner", { by });
  const outcomes = await Promise.allSettled(
    [first, second].map(({ id }) => changeRole({ id }, "support", { by })),
  );
  expect(outcomes.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  expect((await listStaff()).map(({ role }) => role)).toEqual(["owner", "support"]);
});

test("nobody who has not signed up becomes owner", async () => {
  await expect(makeOwner("nobody@example.com")).rejects.toMatchObject({ code: "not_found" });
});

test("another service can check who somebody is, by our public keys", async () => {
  const { browser, email } = await aMember();
  const session = await browser.session();
  const { token } = await (await browser.get("/token")).json();
  const answer = await aBrowser().get("/jwks");
  expect(answer.headers.get("cache-control")).toBe("public, max-age=300");
  const { payload } = await jwtVerify(token, createLocalJWKSet(await answer.json()), {
    issuer: origin,
    audience: origin,
  });
  expect(payload).toMatchObject({
    sub: session?.user.id,
    email,
    emailVerified: true,
    role: "user",
    accountId: session?.accountId,
  });
  expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(15 * 60);
});

test("only somebody signed in gets a token", async () => {
  await expect(aBrowser().get("/token")).rejects.toMatchObject({ code: "unauthenticated" });
});
