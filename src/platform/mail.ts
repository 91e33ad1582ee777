import "#server-only";
import { and, eq, gt, lt, ne, sql } from "drizzle-orm";
import type { Task, TaskList } from "graphile-worker";
import { createTransport } from "nodemailer";
import { mails } from "#schema";
import { config } from "./config";
import { db, type Queryable, type Tx } from "./db";
import { type Id, isId, newId } from "./id";
import { enqueue, enqueueAll } from "./queue";
import { Refusal } from "./refusal";

/** A mail as its template wrote it. */
export type Mail = {
  to: string;
  /** Which template: verify, reset, welcome, … */
  kind: string;
  locale: "en" | "zh";
  subject: string;
  html: string;
  text: string;
  /** The address that ends this kind of mail, by GET to a page that asks and by POST with one click (RFC 8058). */
  unsubscribe?: string;
  /** Mailed only once: a second mail with the same key is dropped. */
  key?: string;
  /** One of many: those that somebody waits for go first. */
  bulk?: boolean;
  /** True when a link in it lets its reader in; its text is then kept no longer than it takes to send it. */
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
  const [id] = await sendMails(queryable, [mail]);
  return id ?? null;
}

/**
 * As `sendMail`, for many at once.
 * @returns the ids of those whose key was not used before
 */
export async function sendMails(queryable: Queryable, letters: readonly Mail[]): Promise<Id<"mail">[]> {
  const rows = letters.map(({ to, key = null, secret = false, bulk: _, ...content }) => {
    return { id: newId("mail"), recipient: to, key, secret, ...content };
  });
  if (rows.length === 0) return [];
  const made = await queryable
    .insert(mails)
    .values(rows)
    .onConflictDoNothing({ target: mails.key })
    .returning({ id: mails.id });
  const jobs = made.map(({ id }) => ({ key: `mail.send:${id}`, payload: { mailId: id } }));
  const isBulk = letters.every(({ bulk }) => bulk);
  await enqueueAll(queryable, "mail.send", jobs, { maxAttempts, priority: isBulk ? 10 : 0 });
  return made.map(({ id }) => id);
}

/**
 * Puts a mail that was given up back into the outbox.
 * @throws Refusal not_found, mail_not_failed, mail_not_kept for one whose text was blanked
 */
export async function resendMail(tx: Tx, id: string): Promise<Id<"mail">> {
  const [mail] = await tx.select().from(mails).where(sql`${mails.id} = ${id}`).for("update");
  if (!mail) throw new Refusal("not_found");
  if (mail.status !== "failed") throw new Refusal("mail_not_failed");
  if (mail.secret) throw new Refusal("mail_not_kept");
  await tx.update(mails).set({ status: "waiting", error: null }).where(eq(mails.id, mail.id));
  await enqueue(tx, "mail.send", { mailId: mail.id }, { key: `mail.send:${mail.id}`, maxAttempts });
  return mail.id;
}

/** True when mail leaves this machine; else it stays in the outbox, where the mailbox shows it. */
export function mailIsSent(): boolean {
  return config().SMTP_URL !== undefined;
}

/** Asks the SMTP server whether it would take mail from us. @throws what it answers. */
export async function testMailServer(): Promise<void> {
  await transport().verify();
}

/** How many mails of the last seven days could not be sent. */
export async function countFailedMails(): Promise<number> {
  return db().$count(
    mails,
    and(eq(mails.status, "failed"), gt(mails.createdAt, sql`now() - interval '7 days'`)),
  );
}

/**
 * Sends one mail of the outbox. A mail that the server refuses for good is recorded as failed, and so is one
 * of a site in production that has no server: its links would expire waiting for one. After anything else the
 * job is tried again. A crash between sending and recording sends it twice, with the
 * same Message-ID.
 */
const send: Task = async (payload, { job }) => {
  const mailId = (payload as { mailId: string }).mailId;
  if (!isId("mail", mailId)) throw new Error("mail.send needs a mailId");
  // The mailbox of a development site shows it.
  if (!mailIsSent() && !config().production) return;
  const [mail] = await db().select().from(mails).where(eq(mails.id, mailId));
  if (mail?.status !== "waiting") return;
  if (!mailIsSent()) return record(mailId, "failed", "There is no mail server: SMTP_URL is not set.");
  try {
    await transport().sendMail({
      from: config().MAIL_FROM,
      to: mail.recipient,
      replyTo: config().OPERATOR_MAIL,
      subject: mail.subject,
      html: mail.html,
      text: mail.text,
      messageId: `<${mail.id}@${new URL(config().baseUrl).hostname}>`,
      headers: { "Auto-Submitted": "auto-generated", ...unsubscribeHeaders(mail.unsubscribe) },
    });
  } catch (error) {
    const forGood = isForGood(error) || job.attempts >= job.max_attempts;
    await record(mailId, forGood ? "failed" : "waiting", messageOf(error));
    if (forGood) return;
    throw error;
  }
  await record(mailId, "sent", null);
};

/** As long as the longest-lived link of a secret mail works. */
const secretHours = 24;

/**
 * Blanks secret mails that neither reached a server nor were given up, such as those that no worker took.
 * Those of a development site stay, for its mailbox.
 */
const forgetSecrets: Task = async () => {
  if (!config().production) return;
  await db()
    .update(mails)
    .set({
      ...blanked,
      status: sql`case when ${mails.status} = 'waiting' then 'failed' else ${mails.status} end`,
      error: sql`coalesce(${mails.error}, 'Its links expired before it could be sent.')`,
    })
    .where(
      and(
        mails.secret,
        ne(mails.text, ""),
        lt(mails.createdAt, sql`now() - make_interval(hours => ${secretHours})`),
      ),
    );
};

const blanked = {
  html: sql`case when ${mails.secret} then '' else ${mails.html} end`,
  text: sql`case when ${mails.secret} then '' else ${mails.text} end`,
};

export const mailTasks: TaskList = { "mail.send": send, "mail.forget-secrets": forgetSecrets };
export const mailCron = [{ task: "mail.forget-secrets", match: "17 * * * *" }];

async function record(id: Id<"mail">, status: "waiting" | "sent" | "failed", error: string | null) {
  await db()
    .update(mails)
    .set({
      status,
      error,
      attempts: sql`${mails.attempts} + 1`,
      ...(status === "sent" && { sentAt: sql`now()` }),
      ...(status !== "waiting" && blanked),
    })
    .where(eq(mails.id, id));
}

function unsubscribeHeaders(link: string | null): Record<string, string> {
  if (!link) return {};
  return { "List-Unsubscribe": `<${link}>`, "List-Unsubscribe-Post": "List-Unsubscribe=One-Click" };
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
