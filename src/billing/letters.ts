import { render } from "@react-email/render";
import { and, desc, eq, inArray, or, sql } from "drizzle-orm";
import { createTranslator } from "next-intl";
import { createElement } from "react";
import { intlLocales, type Locale, languageTags, messages } from "#i18n";
import { Letter, plainLetter } from "#identity";
import { config } from "#platform/config";
import type { Queryable, Tx } from "#platform/db";
import type { Id } from "#platform/id";
import { sendMail } from "#platform/mail";
import { accounts, invoices, mails, prices, subscriptions, topUpCharges, users } from "#schema";
import { graceEnd, meaningOf, trialStatuses } from "./access";

/** What billing writes to people. Each letter has a key of what it is about, and so goes out once. */

type AccountId = Id<"account">;
type Kind =
  | "paymentFailed"
  | "graceEnded"
  | "trialEnding"
  | "ended"
  | "trialRefused"
  | "surplus"
  | "topUpPaused"
  | "topUpUnsold"
  | "topUpLimit";

type Money = { amountCents: number; currency: string };
type LetterFacts = {
  kind: Kind;
  key: string;
  link?: string | null;
  plan?: string;
  amount?: Money;
  until?: Date;
  reason?: string;
};
type Reader = { email: string; locale: Locale; timeZone: string };

const trialNoticeMs = 3 * 86_400_000;
/** So long a debt can still call for a letter: its grace has ended by then. */
const debtNewsDays = 30;
/** What is older is history when it becomes known. */
const newsMs = 14 * 86_400_000;

/** Writes what the account's rows call for, in the transaction that brought them. */
export async function writeLetters(tx: Tx, accountId: AccountId, now: Date): Promise<void> {
  const due = [...(await aboutSubscriptions(tx, accountId, now)), ...(await aboutTopUps(tx, accountId, now))];
  if (due.length === 0) return;
  const keys = due.map(({ key }) => key);
  const written = await tx.select({ key: mails.key }).from(mails).where(inArray(mails.key, keys));
  const known = new Set(written.map(({ key }) => key));
  for (const letter of due) {
    if (!known.has(letter.key)) await writeLetter(tx, accountId, letter);
  }
}

/** Writes one letter, unless its key was used or its reader is gone. */
export async function writeLetter(
  queryable: Queryable,
  accountId: AccountId,
  letter: LetterFacts,
): Promise<void> {
  const [reader] = await queryable
    .select({ email: users.email, locale: users.locale, timeZone: users.timeZone })
    .from(users)
    .innerJoin(accounts, and(eq(accounts.ownerId, users.id), eq(accounts.ownerType, "user")))
    .where(eq(accounts.id, accountId));
  if (reader) await sendMail(queryable, await compose(reader, letter));
}

async function aboutSubscriptions(tx: Tx, accountId: AccountId, now: Date): Promise<LetterFacts[]> {
  const rows = await tx
    .select({ subscription: subscriptions, price: prices })
    .from(subscriptions)
    .innerJoin(prices, eq(prices.id, subscriptions.priceId))
    .where(and(eq(subscriptions.accountId, accountId), eq(subscriptions.surplus, false)));
  const letters: LetterFacts[] = [];
  for (const { subscription, price } of rows) {
    const { id, status, pastDueSince, trialEnd, endedAt, trialStart } = subscription;
    const { trial, over } = meaningOf(status);
    const plan = price.planId ?? "";
    if (pastDueSince) letters.push(...(await aboutDebt(tx, id, plan, pastDueSince, now)));
    const left = (trialEnd?.getTime() ?? 0) - now.getTime();
    if (trial && trialEnd && left < trialNoticeMs && !subscription.cancelAtPeriodEnd) {
      const amount = { amountCents: price.amountCents, currency: price.currency };
      letters.push({ kind: "trialEnding", key: `trial-ending:${id}`, plan, amount, until: trialEnd });
    }
    const age = now.getTime() - (endedAt?.getTime() ?? 0);
    const refusedTrial = trialStart !== null && endedAt !== null && trialEnd !== null && endedAt < trialEnd;
    if (over === "ended" && age < newsMs && !refusedTrial) {
      letters.push({ kind: "ended", key: `ended:${id}`, plan, link: "/pricing" });
    }
  }
  return letters;
}

async function aboutDebt(
  tx: Tx,
  subscriptionId: string,
  plan: string,
  pastDueSince: Date,
  now: Date,
): Promise<LetterFacts[]> {
  const [invoice] = await tx
    .select()
    .from(invoices)
    .where(
      and(eq(invoices.subscriptionId, subscriptionId), inArray(invoices.status, ["open", "uncollectible"])),
    )
    .orderBy(invoices.createdAt)
    .limit(1);
  if (!invoice) return [];
  const amount = { amountCents: invoice.totalCents, currency: invoice.currency };
  const until = graceEnd(pastDueSince);
  const common = { plan, amount, until, link: invoice.payUrl };
  if (now < until) return [{ kind: "paymentFailed", key: `payment-failed:${invoice.id}`, ...common }];
  return [{ kind: "graceEnded", key: `grace-ended:${invoice.id}`, ...common }];
}

async function aboutTopUps(tx: Tx, accountId: AccountId, now: Date): Promise<LetterFacts[]> {
  const [last] = await tx
    .select()
    .from(topUpCharges)
    .where(and(eq(topUpCharges.accountId, accountId), eq(topUpCharges.status, "failed")))
    .orderBy(desc(topUpCharges.createdAt), desc(topUpCharges.id))
    .limit(1);
  if (!last || now.getTime() - last.createdAt.getTime() > newsMs) return [];
  // The limit has a letter of its own.
  if (last.failure === null || last.failure === "limit") return [];
  const amount = { amountCents: last.amountCents, currency: last.currency };
  return [{ kind: "topUpPaused", key: `top-up-paused:${last.id}`, amount, reason: last.failure }];
}

async function compose(reader: Reader, letter: LetterFacts) {
  const { kind, key, plan = "", amount, until, reason = "", link = "/billing" } = letter;
  const { locale } = reader;
  const t = createTranslator({ locale, messages: messages[locale], namespace: "billingMails" });
  const orLink = createTranslator({ locale, messages: messages[locale], namespace: "mails" })("orLink");
  const site = config().SITE_NAME;
  const values = {
    ...{ site, reason },
    plan: `${plan.slice(0, 1).toUpperCase()}${plan.slice(1)}`,
    amount: amount ? moneyText(amount, locale) : "",
    until: until ? dayText(until, reader) : "",
  };
  const address = link ?? "/billing";
  const words = {
    ...{ languageTag: languageTags[locale], site, orLink },
    heading: t(`${kind}.heading`, values),
    body: t(`${kind}.body`, values),
    action: t(`${kind}.action`, values),
    note: t(`${kind}.note`, values),
    footer: t("footer", values),
    link: address.startsWith("/") ? `${config().baseUrl}${address}` : address,
  };
  return {
    ...{ to: reader.email, kind: `billing.${kind}`, locale, key },
    subject: t(`${kind}.subject`, values),
    html: await render(createElement(Letter, words)),
    text: plainLetter(words),
  };
}

function moneyText({ amountCents, currency }: Money, locale: Locale): string {
  const format = new Intl.NumberFormat(intlLocales[locale], { style: "currency", currency });
  return format.format(amountCents / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2));
}

function dayText(at: Date, { locale, timeZone }: Reader): string {
  return new Intl.DateTimeFormat(intlLocales[locale], { dateStyle: "long", timeZone }).format(at);
}

/** Accounts about which time alone gives something to write. */
export async function listToWrite(queryable: Queryable): Promise<AccountId[]> {
  const rows = await queryable
    .selectDistinct({ accountId: subscriptions.accountId })
    .from(subscriptions)
    .where(
      or(
        sql`${subscriptions.pastDueSince} > money_now() - make_interval(days => ${debtNewsDays})`,
        and(
          inArray(subscriptions.status, trialStatuses),
          sql`${subscriptions.trialEnd} < money_now() + make_interval(secs => ${trialNoticeMs / 1000})`,
        ),
      ),
    );
  return rows.map(({ accountId }) => accountId);
}
