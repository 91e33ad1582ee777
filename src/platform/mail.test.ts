import type { AddressInfo } from "node:net";
import { eq, inArray, sql } from "drizzle-orm";
import { SMTPServer } from "smtp-server";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { mails } from "#schema";
import { runJobs, skipPauses, testDatabase } from "#test";
import { type Config, parseConfig } from "./config";
import { countFailedMails, mailTasks, sendMail, testMailServer } from "./mail";
import { singleton } from "./singleton";

const { db } = testDatabase();
const config = singleton<Config>("config");

/** Raw messages the server took, and what it answers to a recipient (null: it takes the mail). */
const taken: string[] = [];
let answer: { code: number; text: string } | null = null;

const server = new SMTPServer({
  authOptional: true,
  disabledCommands: ["STARTTLS"],
  logger: false,
  onAuth: ({ username, password }, _session, done) =>
    username === "us er" && password === "p:ss"
      ? done(null, { user: username })
      : done(Object.assign(new Error("wrong"), { responseCode: 535 })),
  onRcptTo: (_address, _session, done) =>
    done(answer ? Object.assign(new Error(answer.text), { responseCode: answer.code }) : null),
  onData: (stream, _session, done) => {
    const chunks: Buffer[] = [];
    stream.on("data", (chunk: Buffer) => chunks.push(chunk));
    stream.on("end", () => {
      taken.push(Buffer.concat(chunks).toString());
      done();
    });
  },
});

const smtp = (credentials = "") =>
  config.set(
    parseConfig({
      SMTP_URL: `smtp://${credentials}127.0.0.1:${(server.server.address() as AddressInfo).port}`,
      MAIL_FROM: "Toolmint <mail@toolmint.test>",
    }),
  );

beforeAll(() => new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve)));
afterAll(() => new Promise<void>((resolve) => server.close(resolve)));
beforeEach(() => {
  taken.length = 0;
  answer = null;
  smtp();
});

const hello = {
  to: "ada@example.com",
  kind: "hello",
  locale: "zh" as const,
  subject: "你好，Ada",
  html: "<p>secret link</p>",
  text: "secret link",
};

async function post(mail: Partial<Parameters<typeof sendMail>[1]> = {}) {
  const id = await sendMail(db(), { ...hello, ...mail });
  if (!id) throw new Error("not sent");
  return { id, row: async () => (await db().select().from(mails).where(eq(mails.id, id)))[0] };
}

test("a mail reaches the server with both parts and a Message-ID of its own", async () => {
  const { id, row } = await post();
  await runJobs(mailTasks);
  expect(taken).toHaveLength(1);
  expect(taken[0]).toContain(`Message-ID: <${id}@localhost>`);
  expect(taken[0]).toContain("From: Toolmint <mail@toolmint.test>");
  expect(taken[0]).toMatch(/Subject: =\?UTF-8\?/);
  expect(taken[0]).toContain("Content-Type: text/plain");
  expect(taken[0]).toContain("Content-Type: text/html");
  expect(await row()).toMatchObject({ status: "sent", attempts: 1, error: null, text: "secret link" });
  expect((await row())?.sentAt).toBeInstanceOf(Date);
});

test("the text of a secret mail is not kept once it is sent", async () => {
  const { row } = await post({ secret: true });
  await runJobs(mailTasks);
  expect(await row()).toMatchObject({ status: "sent", html: "", text: "" });
});

test("a temporary refusal is tried again later", async () => {
  const { row } = await post();
  answer = { code: 451, text: "try later" };
  await runJobs(mailTasks);
  expect(await row()).toMatchObject({ status: "waiting", attempts: 1 });
  expect((await row())?.error).toContain("try later");
  answer = null;
  await runJobs(mailTasks);
  expect(taken).toHaveLength(0);
  await skipPauses();
  await runJobs(mailTasks);
  expect(taken).toHaveLength(1);
  expect(await row()).toMatchObject({ status: "sent", attempts: 2, error: null });
});

test("a refusal for good is recorded and not tried again", async () => {
  const { row } = await post();
  answer = { code: 550, text: "no such mailbox" };
  await runJobs(mailTasks);
  expect(await row()).toMatchObject({ status: "failed", attempts: 1 });
  expect((await row())?.error).toContain("no such mailbox");
  answer = null;
  await skipPauses();
  await runJobs(mailTasks);
  expect(taken).toHaveLength(0);
});

test("a wrong password of ours fails no mail", async () => {
  smtp("user:wrong@");
  const { row } = await post();
  await runJobs(mailTasks);
  expect(await row()).toMatchObject({ status: "waiting", attempts: 1 });
  await expect(testMailServer()).rejects.toThrow();
  smtp("us%20er:p%3Ass@");
  await testMailServer();
  await skipPauses();
  await runJobs(mailTasks);
  expect(await row()).toMatchObject({ status: "sent", attempts: 2 });
});

test("without a server the mail stays where the mailbox shows it", async () => {
  config.set(parseConfig({}));
  const { row } = await post({ secret: true });
  await runJobs(mailTasks);
  expect(await row()).toMatchObject({ status: "waiting", attempts: 0, text: "secret link" });
});

/** A site in production, with or without a mail server. */
const inProduction = (settings: Record<string, string> = {}) =>
  config.set(parseConfig({ BASE_URL: "https://toolmint.example", AUTH_SECRET: "x".repeat(32), ...settings }));

test("in production without a server a mail is given up at once, and its secret is not kept", async () => {
  inProduction();
  const [secret, plain] = [await post({ secret: true }), await post()];
  const before = await countFailedMails();
  await runJobs(mailTasks);
  const given = { status: "failed", error: "There is no mail server: SMTP_URL is not set." };
  expect(await secret.row()).toMatchObject({ ...given, html: "", text: "" });
  expect(await plain.row()).toMatchObject({ ...given, text: "secret link" });
  expect(await countFailedMails()).toBe(before + 2);
  smtp();
  await skipPauses();
  await runJobs(mailTasks);
  expect(taken).toEqual([]);
});

test("the secret of a mail that its server refuses for good is not kept", async () => {
  const { row } = await post({ secret: true });
  answer = { code: 550, text: "no such mailbox" };
  await runJobs(mailTasks);
  expect(await row()).toMatchObject({ status: "failed", html: "", text: "" });
});

test("a secret that nobody sent is blanked in production once its links have expired", async () => {
  const [old, fresh, plain] = [await post({ secret: true }), await post({ secret: true }), await post()];
  await db().execute(sql`select graphile_worker.complete_jobs(array_agg(id)) from graphile_worker.jobs`);
  await db()
    .update(mails)
    .set({ createdAt: sql`now() - interval '25 hours'` })
    .where(inArray(mails.id, [old.id, plain.id]));
  const sweep = async () => {
    await db().execute(sql`select graphile_worker.add_job('mail.forget-secrets')`);
    await runJobs(mailTasks);
  };
  config.set(parseConfig({}));
  await sweep();
  expect(await old.row()).toMatchObject({ status: "waiting", text: "secret link" });
  inProduction();
  await sweep();
  expect(await old.row()).toMatchObject({
    status: "failed",
    html: "",
    text: "",
    error: "Its links expired before it could be sent.",
  });
  expect(await fresh.row()).toMatchObject({ status: "waiting", text: "secret link" });
  expect(await plain.row()).toMatchObject({ status: "waiting", text: "secret link" });
});

test("a key mails only once", async () => {
  await post({ key: "once" });
  expect(await sendMail(db(), { ...hello, key: "once" })).toBeNull();
});

test("a transaction that fails leaves neither mail nor job", async () => {
  await expect(
    db().transaction(async (tx) => {
      await sendMail(tx, { ...hello, to: "gone@example.com" });
      throw new Error("no");
    }),
  ).rejects.toThrow("no");
  expect(await db().select().from(mails).where(eq(mails.recipient, "gone@example.com"))).toEqual([]);
  await runJobs(mailTasks);
  expect(taken.filter((message) => message.includes("gone@example.com"))).toEqual([]);
});
