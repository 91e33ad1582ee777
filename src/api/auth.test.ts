import { expect, test } from "vitest";
import { type Config, parseConfig } from "#platform/config";
import { sendMail } from "#platform/mail";
import { singleton } from "#platform/singleton";
import { testDatabase } from "#test";
import { api } from "./app";

const { db } = testDatabase();
const origin = "http://localhost:3000";

const send = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  api.request(`${origin}/api/auth${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", origin, ...headers },
    body: JSON.stringify(body),
  });

test("signing up and in works through the API, refusals are problems", async () => {
  const ada = { email: "ada@example.com", password: "correct horse battery" };
  expect((await send("/sign-up/email", { ...ada, name: "Ada" })).status).toBe(200);
  const wrong = await send("/sign-in/email", { ...ada, password: "wrong" });
  expect(wrong.status).toBe(401);
  expect(await wrong.json()).toMatchObject({ code: "wrong_credentials", requestId: expect.any(String) });
  const right = await send("/sign-in/email", ada);
  expect(right.headers.getSetCookie().join()).toContain("toolmint.session_token=");
  expect((await send("/no-such-thing", {})).status).toBe(404);
  const elsewhere = await send("/sign-out", {}, { origin: "https://evil.example", cookie: "a=b" });
  expect(await elsewhere.json()).toMatchObject({ code: "bad_origin", status: 403 });
});

test("what is not JSON is refused, and signing out needs no body", async () => {
  const ask = (path: string, headers: Record<string, string>, body?: string) =>
    api.request(`${origin}/api/auth${path}`, {
      method: "POST",
      headers: { origin, ...headers },
      body: body ?? null,
    });
  const fields = JSON.stringify({ email: "ada@example.com", password: "correct horse battery" });
  for (const type of ["text/plain", "application/x-www-form-urlencoded"]) {
    const answer = await ask("/sign-in/email", { "content-type": type }, fields);
    expect(await answer.json()).toMatchObject({ status: 415, code: "unsupported_media_type" });
  }
  const broken = await ask("/sign-in/email", { "content-type": "application/json" }, "{");
  expect(await broken.json()).toMatchObject({ status: 400, code: "malformed_request" });
  expect((await ask("/sign-out", {})).status).toBe(200);
});

test("the mailbox lists mails with their links, finds them and shows them in a frame", async () => {
  const letter = {
    kind: "reset",
    locale: "en" as const,
    html: "<html><head></head><style>@media (prefers-color-scheme: dark) {}</style></html>",
    secret: true,
  };
  const text = `Go to ${origin}/reset?token=abc now, or ${origin}/reset?token=abc`;
  const id = await sendMail(db(), { ...letter, to: "a@example.com", subject: "50% off_", text });
  await sendMail(db(), { ...letter, to: "b@example.com", subject: "Other", text: "nothing" });
  const list = async (query: string) =>
    (await (await api.request(`${origin}/api/dev/mails?${query}`)).json()).data.map(
      (mail: { to: string }) => mail.to,
    );
  expect(await list("kind=reset")).toEqual(["b@example.com", "a@example.com"]);
  expect(await list("to=A@example.com")).toEqual(["a@example.com"]);
  expect(await list("search=0%25%20off_")).toEqual(["a@example.com"]);
  expect(await list("search=x_f_")).toEqual([]);
  const mail = await (await api.request(`${origin}/api/dev/mails/${id}`)).json();
  expect(mail).toMatchObject({ to: "a@example.com", links: [`${origin}/reset?token=abc`] });
  const frame = await api.request(`${origin}/api/dev/mails/${id}/html?theme=dark`);
  expect(frame.headers.get("content-security-policy")).toContain("default-src 'none'");
  expect(await frame.text()).toContain("@media all");
  expect((await api.request(`${origin}/api/dev/mails/mail_none`)).status).toBe(404);
});

test("there is no mailbox in production", async () => {
  const config = singleton<Config>("config");
  const before = config.get();
  config.set(parseConfig({ BASE_URL: "https://toolmint.example", AUTH_SECRET: "x".repeat(32) }));
  const answers = [await api.request("/api/dev/mails"), await api.request("/api/dev/mails/x/html")];
  if (before) config.set(before);
  expect(answers.map(({ status }) => status)).toEqual([404, 404]);
});
