import { eq, isNotNull } from "drizzle-orm";
import { db } from "#platform/db";
import type { Id } from "#platform/id";
import { customers, invoices, lineGrants, subscriptions } from "#schema";
import { forget, forgetTestMode, isKnown, isLeftOver, isOfOurMode } from "./play-money";
import { syncAccount } from "./sync";

/**
 * Compares what we have of every customer with what Stripe says, and mends it: by applying Stripe's word once
 * more, which is all that an event does. What it changed is a difference, for each should have been noticed
 * by an event.
 */

type Customer = typeof customers.$inferSelect;
export type Difference = {
  accountId: Id<"account">;
  what: "subscription" | "invoice" | "credits" | "unreachable";
  id: string;
  before: string | null;
  after: string | null;
};
export type Check = {
  customers: number;
  differences: Difference[];
  /** Customers of test mode which these keys do not know: they have been taken out of the books. */
  setAside: number;
  /** Customers who paid with real money, at whom test keys cannot look. */
  unreached: number;
  /** Customers of a mode that is not known, whom these keys do not know, and who have paid or may have. */
  unknown: number;
};

export async function checkAll(onCustomer?: (found: readonly Difference[]) => void): Promise<Check> {
  let setAside = await forgetTestMode();
  const all = await db()
    .select()
    .from(customers)
    .where(isNotNull(customers.stripeId))
    .orderBy(customers.accountId);
  const differences: Difference[] = [];
  let unknown = 0;
  const reached = all.filter(isOfOurMode);
  for (const customer of reached) {
    let found = await checkAccount(customer.accountId);
    const failed = found.some(({ what }) => what === "unreachable");
    // Test keys of another account, or a sandbox that was begun anew.
    if (failed && (await isLeftOver(customer).catch(() => false)) && (await forget(customer))) {
      setAside++;
      found = [];
    } else if (failed && (await isUnknown(customer))) unknown++;
    differences.push(...found);
    onCustomer?.(found);
  }
  const unreached = all.length - reached.length;
  return { customers: reached.length, differences, setAside, unreached, unknown };
}

async function isUnknown({ livemode, stripeId }: Customer): Promise<boolean> {
  if (livemode !== null || !stripeId) return false;
  return isKnown(stripeId).then(
    (known) => !known,
    () => false,
  );
}

async function checkAccount(accountId: Id<"account">): Promise<Difference[]> {
  const before = await picture(accountId);
  try {
    await syncAccount(accountId);
  } catch (error) {
    const after = error instanceof Error ? error.message.slice(0, 200) : String(error);
    return [{ accountId, what: "unreachable", id: accountId, before: null, after }];
  }
  const after = await picture(accountId);
  const keys = new Set([...before.keys(), ...after.keys()]);
  return [...keys].flatMap((key) => {
    const [was, is] = [before.get(key), after.get(key)];
    if (was?.text === is?.text) return [];
    const { what, id } = is ?? was ?? { what: "invoice" as const, id: key };
    return [{ accountId, what, id, before: was?.text ?? null, after: is?.text ?? null }];
  });
}

type Fact = { what: Difference["what"]; id: string; text: string };

async function picture(accountId: Id<"account">): Promise<Map<string, Fact>> {
  const [subscribed, invoiced, granted] = await Promise.all([
    db().select().from(subscriptions).where(eq(subscriptions.accountId, accountId)),
    db().select().from(invoices).where(eq(invoices.accountId, accountId)),
    db().select().from(lineGrants).where(eq(lineGrants.accountId, accountId)),
  ]);
  const facts: Fact[] = [
    ...subscribed.map(({ id, status, priceId, cancelAtPeriodEnd, periodEnd }) => ({
      ...{ what: "subscription" as const, id },
      text: `${status} ${priceId}${cancelAtPeriodEnd ? " ends" : ""} ${periodEnd.toISOString()}`,
    })),
    ...invoiced.map(({ id, status, totalCents, refundedCents }) => ({
      ...{ what: "invoice" as const, id },
      text: `${status} ${totalCents}${refundedCents > 0 ? ` refunded ${refundedCents}` : ""}`,
    })),
    ...granted.map(({ lineId, month, credits, reversed }) => ({
      ...{ what: "credits" as const, id: `${lineId}:${month}` },
      text: `${credits - reversed}`,
    })),
  ];
  return new Map(facts.map((fact) => [`${fact.what} ${fact.id}`, fact]));
}
