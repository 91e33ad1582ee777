import { and, desc, eq, type SQL, sql } from "drizzle-orm";
import { type Actor, recordAct } from "#platform/audit";
import { db } from "#platform/db";
import { resendMail } from "#platform/mail";
import { Refusal } from "#platform/refusal";
import { mails } from "#schema";

/** The outbox as staff see it. What lets its reader in is shown to nobody, also while it waits to be sent. */

export const mailStatuses = ["waiting", "sent", "failed"] as const;

const listed = {
  id: mails.id,
  recipient: mails.recipient,
  kind: mails.kind,
  locale: mails.locale,
  subject: mails.subject,
  secret: mails.secret,
  status: mails.status,
  attempts: mails.attempts,
  error: mails.error,
  createdAt: mails.createdAt,
  sentAt: mails.sentAt,
};

export type MailView = Pick<typeof mails.$inferSelect, keyof typeof listed>;

export type MailFilter = {
  status?: (typeof mailStatuses)[number] | undefined;
  kind?: string | undefined;
  /** The beginning of the recipient's address. */
  to?: string | undefined;
};

/** A page of mails, newest first; `before` is the id that the page before ended with. */
export async function listMails(
  filter: MailFilter,
  { limit, before }: { limit: number; before?: string | undefined },
): Promise<{ mails: MailView[]; next: string | null }> {
  const rows = await db()
    .select(listed)
    .from(mails)
    .where(and(matching(filter), before === undefined ? undefined : sql`${mails.id} < ${before}`))
    .orderBy(desc(mails.id))
    .limit(limit + 1);
  const page = rows.slice(0, limit);
  return { mails: page, next: rows.length > limit ? (page.at(-1)?.id ?? null) : null };
}

/** A mail with its text; null for one whose text is for its reader's eyes only. @throws Refusal not_found */
export async function readMail(id: string): Promise<MailView & { text: string | null }> {
  const [found] = await db()
    .select({
      ...listed,
      text: sql<string | null>`case when ${mails.secret} then null else ${mails.text} end`,
    })
    .from(mails)
    .where(sql`${mails.id} = ${id}`);
  if (!found) throw new Refusal("not_found");
  return found;
}

/**
 * Has a mail that was given up sent again.
 * @throws Refusal not_found, mail_not_failed, mail_not_kept
 */
export async function sendAgain(id: string, by: Actor): Promise<MailView> {
  await db().transaction(async (tx) => {
    const mailId = await resendMail(tx, id);
    await recordAct(tx, {
      ...{ by, action: "mail.resend", object: { type: "mail", id: mailId } },
      before: { status: "failed" },
      after: { status: "waiting" },
    });
  });
  const { text: _, ...mail } = await readMail(id);
  return mail;
}

function matching({ status, kind, to }: MailFilter): SQL | undefined {
  return and(
    status && eq(mails.status, status),
    kind === undefined ? undefined : eq(mails.kind, kind.trim()),
    to === undefined ? undefined : sql`starts_with(${mails.recipient}, ${to.trim().toLowerCase()})`,
  );
}
