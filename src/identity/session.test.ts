import { expect, test } from "vitest";
import { testDatabase } from "#test";
import { handleAuth } from "./endpoints";
import { readSession, requireSession } from "./session";

testDatabase();

function post(path: string, body: unknown) {
  return handleAuth(
    new Request(`http://localhost:3000/api/auth${path}`, {
      method: "POST",
      headers: { "content-type": "application/json", origin: "http://localhost:3000" },
      body: JSON.stringify(body),
    }),
  );
}

test("a session's cookie leads to its user", async () => {
  const up = await post("/sign-up/email", {
    name: "Ada",
    email: "Ada@example.com",
    password: "correct horse",
  });
  expect(await up.json()).toMatchObject({ token: null });
  const signedIn = await post("/sign-in/email", { email: "ada@example.com", password: "correct horse" });
  const cookie = signedIn.headers
    .getSetCookie()
    .map((line) => line.split(";")[0])
    .join("; ");
  const session = await readSession(new Headers({ cookie }));
  expect(session).toMatchObject({ user: { email: "ada@example.com", role: "user", emailVerified: false } });
  expect(session?.accountId).toMatch(/^acct_/);
});

test("nobody is signed in without a cookie", async () => {
  await expect(requireSession(new Headers())).rejects.toMatchObject({ code: "unauthenticated" });
});
