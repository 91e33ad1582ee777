import { createHmac, timingSafeEqual } from "node:crypto";
import { eq, sql } from "drizzle-orm";
import { z } from "zod";
import { config } from "#platform/config";
import { db, type Queryable } from "#platform/db";
import type { Id } from "#platform/id";
import { isId } from "#platform/id";
import { Refusal } from "#platform/refusal";
import { authSecret } from "#platform/secret";
import { mailChoices } from "#schema";

/**
 * Which mails people want, and the links that end one kind without signing in. A link is signed, says only
 * whose mails of which kind it ends, and works for ever: mails are kept for years.
 */

export const choosable = ["expiring", "lowBalance", "news"] as const;
export type Choosable = (typeof choosable)[number];
export type MailChoices = Record<Choosable, boolean>;

const everything: MailChoices = { expiring: true, lowBalance: true, news: true };

/** What somebody has chosen; all, until they have. */
export async function readMailChoices(queryable: Queryable, userId: Id<"user">): Promise<MailChoices> {
  const [row] = await queryable.select().from(mailChoices).where(eq(mailChoices.userId, userId));
  return row ? { expiring: row.expiring, lowBalance: row.lowBalance, news: row.news } : everything;
}

/** Changes choices; what is left out stays. */
export async function chooseMails(userId: Id<"user">, change: Partial<MailChoices>): Promise<MailChoices> {
  const given = Object.fromEntries(
    choosable.flatMap((kind) => (change[kind] === undefined ? [] : [[kind, change[kind]]])),
  );
  await db()
    .insert(mailChoices)
    .values({ userId, ...everything, ...given })
    .onConflictDoUpdate({ target: mailChoices.userId, set: { ...given, updatedAt: sql`now()` } });
  return readMailChoices(db(), userId);
}

/** The address that ends this kind of mail for this person: to read, and to post to with one click. */
export function unsubscribeLink(userId: Id<"user">, kind: Choosable): string {
  return `${config().baseUrl}/api/v1/unsubscribe?token=${userId}.${kind}.${signatureOf(userId, kind)}`;
}

const tokenSchema = z.tuple([z.string(), z.enum(choosable), z.string()]);

/** Whose mails of which kind a token ends. @throws Refusal link_invalid */
export function readUnsubscribeToken(token: string): { userId: Id<"user">; kind: Choosable } {
  const parts = tokenSchema.safeParse(token.split("."));
  if (!parts.success) throw new Refusal("link_invalid");
  const [userId, kind, signature] = parts.data;
  const right = Buffer.from(signatureOf(userId, kind));
  const given = Buffer.from(signature);
  if (!isId("user", userId) || given.length !== right.length || !timingSafeEqual(given, right)) {
    throw new Refusal("link_invalid");
  }
  return { userId, kind };
}

/** Ends the kind of mail that a token names. @throws Refusal link_invalid */
export async function unsubscribe(token: string): Promise<Choosable> {
  const { userId, kind } = readUnsubscribeToken(token);
  // Whoever has left the site gets no mails anyway.
  await db().execute(sql`
    insert into mail_choices (user_id, expiring, low_balance, news)
    select id, ${kind !== "expiring"}, ${kind !== "lowBalance"}, ${kind !== "news"} from users where id = ${userId}
    on conflict (user_id) do update set
      expiring = mail_choices.expiring and excluded.expiring,
      low_balance = mail_choices.low_balance and excluded.low_balance,
      news = mail_choices.news and excluded.news, updated_at = now()`);
  return kind;
}

function signatureOf(userId: string, kind: Choosable): string {
  return createHmac("sha256", authSecret()).update(`unsubscribe ${userId} ${kind}`).digest("base64url");
}
