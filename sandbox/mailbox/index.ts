import "#server-only";
import { and, desc, eq, ilike, or, sql } from "drizzle-orm";
import { Hono } from "hono";
import { config } from "#platform/config";
import { db } from "#platform/db";
import { Refusal } from "#platform/refusal";
import { mails } from "#schema";

/**
 * The development mailbox: what the outbox holds, as JSON for /dev/mailbox and for tests, which read the
 * links of a mail from it. Mounted by the API on development sites only.
 */

/** A mail in the list. */
export type MailSummary = {
  id: string;
  to: string;
  kind: string;
  locale: "en" | "zh";
  subject: string;
  status: "waiting" | "sent" | "failed";
  createdAt: string;
};

/** A whole mail. `links` are the addresses it leads to, each once, the main one first. */
export type MailDetail = MailSummary & {
  from: string;
  html: string;
  text: string;
  links: string[];
  attempts: number;
  error: string | null;
  sentAt: string | null;
};

const most = 200;

/** Routes under /api/dev/mails. */
export const mailbox = new Hono()
  .get("/", async (c) => {
    const to = c.req.query("to")?.toLowerCase();
    const kind = c.req.query("kind");
    const search = c.req.query("search");
    const words = search ? `%${search.replace(/[\\%_]/g, "\\$&")}%` : null;
    const rows = await db()
      .select()
      .from(mails)
      .where(
        and(
          to ? eq(mails.recipient, to) : undefined,
          kind ? eq(mails.kind, kind) : undefined,
          words
            ? or(ilike(mails.subject, words), ilike(mails.recipient, words), ilike(mails.text, words))
            : undefined,
        ),
      )
      .orderBy(desc(mails.createdAt), desc(mails.id))
      .limit(most);
    return c.json({ data: rows.map(summaryOf) });
  })
  .get("/:id", async (c) => c.json(detailOf(await requireMail(c.req.param("id")))))
  .get("/:id/html", async (c) => {
    const mail = await requireMail(c.req.param("id"));
    c.header("Content-Security-Policy", previewPolicy);
    c.header("X-Frame-Options", "SAMEORIGIN");
    return c.html(previewOf(mail.html, c.req.query("theme") === "dark"));
  });

/** The mail as written, in a frame that runs nothing and loads nothing. */
const previewPolicy =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox";

/** Mail programs choose light or dark by their reader's system; here a button chooses. */
function previewOf(html: string, dark: boolean): string {
  return html
    .replaceAll("(prefers-color-scheme: dark)", dark ? "all" : "not all")
    .replace(/<head>/i, '<head><base target="_blank">');
}

type MailRow = typeof mails.$inferSelect;

async function requireMail(id: string): Promise<MailRow> {
  const [mail] = await db().select().from(mails).where(sql`${mails.id} = ${id}`);
  if (!mail) throw new Refusal("not_found");
  return mail;
}

function summaryOf({ id, recipient, kind, locale, subject, status, createdAt }: MailRow): MailSummary {
  return { id, to: recipient, kind, locale, subject, status, createdAt: createdAt.toISOString() };
}

function detailOf(mail: MailRow): MailDetail {
  return {
    ...summaryOf(mail),
    from: config().MAIL_FROM ?? `${config().SITE_NAME} <${config().OPERATOR_MAIL}>`,
    html: mail.html,
    text: mail.text,
    links: [...new Set(mail.text.match(/https?:\/\/[^\s<>"]+/g) ?? [])],
    attempts: mail.attempts,
    error: mail.error,
    sentAt: mail.sentAt?.toISOString() ?? null,
  };
}
