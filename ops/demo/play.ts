import { eq, sql } from "drizzle-orm";
import { seedPrices } from "#billing";
import { applyCommands, type Command, openAccount } from "#ledger";
import { db, type Tx } from "#platform/db";
import { newId } from "#platform/id";
import {
  customers,
  invoiceLines,
  invoices,
  lineGrants,
  lotPayments,
  prices,
  productEvents,
  runs,
  signUpSources,
  subscriptions,
  users,
} from "#schema";
import { Member, type Price, type Written } from "./member";
import { daysPlayed, type Person, peopleOf, type Random, randomFrom } from "./people";

const dayMs = 86_400_000;

/**
 * Plays the year day by day, with money's clock on that day: what the site's own triggers and the ledger write then
 * bears the times it would have borne.
 * @param tell hears of each month that was played
 */
export async function playYear(count: number, tell: (month: string) => void): Promise<void> {
  const random = randomFrom(20_261_126);
  await seedPrices();
  const known = await onSale();
  const members = new Map<Person, Member>();
  const people = peopleOf(count, random);
  // The last day is a few minutes ago.
  const begin = Date.now() - (daysPlayed - 1) * dayMs - 600_000;
  let month = "";
  for (let day = 0; day < daysPlayed; day += 1) {
    const at = new Date(begin + day * dayMs);
    if (at.toISOString().slice(0, 7) !== month) {
      month = at.toISOString().slice(0, 7);
      tell(month);
    }
    await db().transaction(async (tx) => {
      await tx.execute(
        sql`update money_clock set shift = ${at.toISOString()}::timestamptz - clock_timestamp()`,
      );
      for (const person of people.filter((one) => one.day === day)) {
        members.set(person, await join(tx, person, at));
      }
      const written = [...members.values()].map((member) => member.live(day, at, known, random));
      await write(tx, written, at);
      await visit(tx, at, day, random);
      const commands: Command[] = written.flatMap((one) => one.commands);
      if (commands.length > 0) await applyCommands(tx, commands);
    });
  }
}

async function onSale(): Promise<ReadonlyMap<string, Price>> {
  const rows = await db().select().from(prices).where(eq(prices.onSale, true));
  return new Map(rows.map((price) => [price.lookupKey, price]));
}

/** Somebody signs up, with the welcome credits that a confirmed address brings. */
async function join(tx: Tx, person: Person, at: Date): Promise<Member> {
  const userId = newId("user", at.getTime());
  const { name, email, locale, source, country } = person;
  await tx.insert(users).values({
    ...{ id: userId, name, email, locale, emailVerified: true },
    ...{ welcomedAt: at, createdAt: at, updatedAt: at },
  });
  const accountId = await openAccount(tx, { ownerType: "user", ownerId: userId });
  await tx.insert(signUpSources).values({ userId, source, country, landingPath: "/", createdAt: at });
  await tx.insert(customers).values({ accountId, country, livemode: false, createdAt: at });
  return new Member(person, { userId, accountId });
}

async function write(tx: Tx, written: readonly Written[], at: Date): Promise<void> {
  const all = <K extends keyof Written>(key: K): Written[K][number][] =>
    written.flatMap((one): Written[K][number][] => one[key]);
  for (const row of all("subscriptions")) {
    const { id, ...set } = row;
    await tx.insert(subscriptions).values(row).onConflictDoUpdate({ target: subscriptions.id, set });
  }
  for (const row of all("invoices")) {
    const { status, paidAt = null, refundedCents = 0 } = row;
    await tx
      .insert(invoices)
      .values(row)
      .onConflictDoUpdate({ target: invoices.id, set: { status, paidAt, refundedCents } });
  }
  const rows = {
    lines: all("lines"),
    grants: all("grants"),
    payments: all("payments"),
    runs: all("runs"),
    events: all("events"),
  };
  if (rows.lines.length > 0) await tx.insert(invoiceLines).values(rows.lines);
  if (rows.grants.length > 0) await tx.insert(lineGrants).values(rows.grants);
  if (rows.payments.length > 0) await tx.insert(lotPayments).values(rows.payments);
  if (rows.runs.length > 0) await tx.insert(runs).values(rows.runs);
  if (rows.events.length > 0) {
    await tx.insert(productEvents).values(rows.events.map((event) => ({ ...event, occurredAt: at })));
  }
}

/** Visitors who only look, more and more of them. */
async function visit(tx: Tx, at: Date, day: number, random: Random): Promise<void> {
  const weekend = [0, 6].includes(at.getUTCDay()) ? 0.6 : 1;
  const visitors = Math.round((30 + day * 0.35) * weekend * (0.8 + random() * 0.4));
  await tx.execute(sql`
    insert into product_events (name, occurred_at, visitor, path, country)
    select 'page_viewed', ${at.toISOString()}::timestamptz - random() * interval '20 hours', md5(${day} || '-' || visitor),
      (array['/', '/', '/tools', '/pricing', '/tools/text-recognition', '/docs'])[1 + floor(random() * 6)::int],
      (array['US', 'US', 'DE', 'GB', 'CN', 'FR', 'IN'])[1 + floor(random() * 7)::int]
    from generate_series(1, ${visitors}::int) as visitor, generate_series(1, 1 + floor(random() * 3)::int)`);
}
