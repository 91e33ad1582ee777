import "#server-only";
import { eq, sql } from "drizzle-orm";
import type { Task, TaskList } from "graphile-worker";
import { createTransport } from "nodemailer";
import { mails } from "#schema";
import { config } from "./config";
import { db, type Queryable } from "./db";
import { type Id, isId, newId } from "./id";
import { enqueue } from "./queue";

/** A mail as its template wrote it. */
export type Mail = {
  to: string;
  /** Which template: verify, reset, welcome, … */
  kind: string;
  locale: "en" | "zh";
  subject: string;
  html: string;
  text: string;
  /** Mailed only once: a second mail with the same key is dropped. */
  key?: string;
  /** True when a link in it lets its reader in; its text is then not kept once it has been sent. */
  secret?: boolean;
};

/** Tries until a mail is given up: about 16 hours with graphile-worker's growing pauses. */
const maxAttempts = 12;

/**
 * Puts a mail into the outbox with the job that sends it; inside a transaction both exist only if that
 * commits.
 * @returns its id, or null when its key was used before.
 */
export async function sendMail(queryable: Queryable, mail: Mail): Promise<Id<"mail"> | null> {
  const { to, key = null, secret = false, ...content } = mail;
  const [made] = await queryable
    .insert(mails)
    .values({ id: newId("mail"), recipient: to, key, secret, ...content })
    .onConflictDoNothing({ target: mails.key })
    .returning({ id: mails.id });
  if (!made) return null;
  await enqueue(queryable, "mail.send", { mailId: made.id }, { key: `mail.send:${made.id}`, maxAttempts });
  return made.id;
}

/** True when mail leaves this machine; else it stays in the outbox, where the mailbox shows it. */
export function mailIsSent(): boolean {
  return config().SMTP_URL !== undefined;
}

/** Asks the SMTP server whether it would take mail from us. @throws what it answers. */
export async function testMailServer(): Promise<void> {
  await transport().verify();
}

/**
 * Sends one mail of the outbox. A mail that the server refuses for good is recorded as failed; after
 * anything else the job is tried again. A crash between sending and recording sends it twice, with the
 * same Message-ID.
 */
const send: Task = async (payload, { job }) => {
  const mailId = (payload as { mailId: string }).mailId;
  if (!isId("mail", mailId)) throw new Error("mail.send needs a mailId");
  if (!mailIsSent()) return;
  const [mail] = await db().select().from(mails).where(eq(mails.id, mailId));
  if (mail?.status !== "waiting") return;
  try {
    await transport().sendMail({
      from: config().MAIL_FROM,
      to: mail.recipient,
      replyTo: config().OPERATOR_MAIL,
      subject: mail.subject,
      html: mail.html,
      text: mail.text,
      messageId: `<${mail.id}@${new URL(config().baseUrl).hostname}>`,
      headers: { "Auto-Submitted": "auto-generated" },
    });
  } catch (error) {
    const forGood = isForGood(error) || job.attempts >= job.max_attempts;
    await record(mailId, forGood ? "failed" : "waiting", messageOf(error));
    if (forGood) return;
    throw error;
  }
  await record(mailId, "sent", null);
};

export const mailTasks: TaskList = { "mail.send": send };

async function record(id: Id<"mail">, status: "waiting" | "sent" | "failed", error: string | null) {
  await db()
    .update(mails)
    .set({
      status,
      error,
      attempts: sql`${mails.attempts} + 1`,
      ...(status === "sent" && {
        sentAt: sql`now()`,
        html: sql`case when ${mails.secret} then '' else ${mails.html} end`,
        text: sql`case when ${mails.secret} then '' else ${mails.text} end`,
      }),
    })
    .where(eq(mails.id, id));
}

function transport() {
  const { SMTP_URL } = config();
  if (!SMTP_URL) throw new Error("SMTP_URL is not set");
  const url = new URL(SMTP_URL);
  return createTransport({
    host: url.hostname,
    port: Number(url.port) || (url.protocol === "smtps:" ? 465 : 587),
    secure: url.protocol === "smtps:",
    ...(url.username && {
      auth: { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) },
    }),
    connectionTimeout: 10_000,
    greetingTimeout: 10_000,
    socketTimeout: 30_000,
  });
}

/** A 5xx answer to sender, recipient or message. One to our password is our mistake, not the mail's. */
function isForGood(error: unknown): boolean {
  const { code, responseCode } = error as { code?: unknown; responseCode?: unknown };
  return (
    (code === "EENVELOPE" || code === "EMESSAGE") && typeof responseCode === "number" && responseCode >= 500
  );
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
