import { type Command, smaller } from "#ledger";
import { type Id, newId } from "#platform/id";
import { monthsAfter } from "#platform/month";
import type {
  invoiceLines,
  invoices,
  lineGrants,
  lotPayments,
  prices,
  productEvents,
  runs,
  subscriptions,
} from "#schema";
import { type Person, pick, type Random, type Turn } from "./people";

export type Price = typeof prices.$inferSelect;

/** What a day adds to the site's tables. */
export type Written = {
  subscriptions: (typeof subscriptions.$inferInsert)[];
  invoices: (typeof invoices.$inferInsert)[];
  lines: (typeof invoiceLines.$inferInsert)[];
  grants: (typeof lineGrants.$inferInsert)[];
  payments: (typeof lotPayments.$inferInsert)[];
  runs: (typeof runs.$inferInsert)[];
  events: Omit<typeof productEvents.$inferInsert, "occurredAt">[];
  commands: Command[];
};

type Lot = { grantId: Id<"grant">; credits: bigint; expiresAt: Date | null };
type Subscription = { row: typeof subscriptions.$inferInsert; price: Price; line: string; month: number };

const tools = [
  { slug: "text-recognition", credits: 2n, seconds: 1.2, units: { images: 1 }, model: null },
  { slug: "document-to-markdown", credits: 3n, seconds: 2.5, units: { pages: 3 }, model: null },
  { slug: "image-convert", credits: 1n, seconds: 0.6, units: { images: 1 }, model: null },
  { slug: "upscale", credits: 4n, seconds: 6, units: { megapixels: 2 }, model: null },
  {
    ...{ slug: "write", credits: 3n, seconds: 9, units: { inputTokens: 400, outputTokens: 650 } },
    model: { name: "gpt-5-mini", costMicros: 1_400n },
  },
] as const;

let numbered = 0;

/** A person on the site: what they own, as the ledger and the books know it, and what they do on a day. */
export class Member {
  private readonly person: Person;
  private readonly ids: { userId: Id<"user">; accountId: Id<"account"> };
  private readonly lots: Lot[] = [];
  private subscription: Subscription | null = null;
  private pack: { invoice: typeof invoices.$inferInsert; lot: Lot } | null = null;
  private owed: typeof invoices.$inferInsert | null = null;
  private written: Written = nothing();

  constructor(person: Person, ids: { userId: Id<"user">; accountId: Id<"account"> }) {
    this.person = person;
    this.ids = ids;
  }

  live(day: number, at: Date, known: ReadonlyMap<string, Price>, random: Random): Written {
    this.written = nothing();
    const age = day - this.person.day;
    if (age === 0) this.welcome(at);
    this.renew(at);
    for (const turn of this.person.turns.filter((one) => one.day === age)) this.take(turn, at, known);
    const weekend = [0, 6].includes(at.getUTCDay()) ? 0.5 : 1;
    const busy = this.subscription ? 1.6 : 1;
    if (age <= this.person.leavesAfter && (age === 0 || random() < this.person.diligence * weekend * busy)) {
      for (let count = 1 + Math.floor(random() * 4); count > 0; count -= 1) this.run(at, random);
    }
    return this.written;
  }

  private welcome(at: Date): void {
    this.event("signed_up", {});
    this.event("verified", {});
    this.grant(100n, null, { source: "signup", cause: "welcome", key: "welcome", at });
  }

  private take(turn: Turn, at: Date, known: ReadonlyMap<string, Price>): void {
    const { currency } = this.person;
    if (turn.does === "pack") this.buyPack(known.get(`pack:small:${currency}`), at);
    if (turn.does === "refund") this.refundPack(at);
    if (turn.does === "cancel") this.cancel(at);
    if (turn.does === "fail") this.fail(at);
    if (turn.does === "recover") this.recover(at);
    if (turn.does === "trial" || turn.does === "subscribe" || turn.does === "upgrade") {
      const price = known.get(`plan:${turn.plan}:${turn.interval}:${currency}`);
      if (price && (turn.does === "upgrade") === (this.subscription?.row.status === "active")) {
        this.event("checkout_begun", { plan: turn.plan });
        if (turn.does === "trial") this.subscribe(price, at, "trialing");
        else this.pay(price, at);
      }
    }
  }

  private subscribe(price: Price, at: Date, status: string): void {
    const known = this.subscription?.row;
    const row = {
      ...{
        id: known?.id ?? `sub_demo_${++numbered}`,
        accountId: this.ids.accountId,
        priceId: price.id,
        itemId: "si_demo",
      },
      ...{ status, periodStart: at, createdAt: known?.createdAt ?? at },
      periodEnd: monthsAfter(at, price.interval === "year" ? 12 : 1),
      ...(status === "trialing" && {
        ...{ trialStart: at, trialEnd: new Date(at.getTime() + 7 * 86_400_000) },
      }),
    };
    this.subscription = { row, price, line: "", month: 0 };
    this.written.subscriptions.push(row);
  }

  /** A plan's period is paid: its first month's credits come. */
  private pay(price: Price, at: Date): void {
    this.subscribe(price, at, "active");
    if (!this.subscription) return;
    const invoice = this.invoice(price, at, "subscription", "paid");
    this.subscription.line = this.line(invoice, price, at);
    this.drip(at);
  }

  /** A month's credits of what was paid. */
  private drip(at: Date): void {
    const { subscription } = this;
    if (!subscription) return;
    const { price, line, month, row } = subscription;
    const expiresAt = monthsAfter(row.periodStart, month + 1);
    const lot = this.grant(price.credits, expiresAt, {
      ...{ source: "plan", cause: `plan:${price.planId}`, key: `${line}:${month}`, at },
      line: { id: line, month },
    });
    const part = price.interval === "year" ? Math.round(price.amountCents / 12) : price.amountCents;
    this.paidFor(lot, price, part);
    subscription.month += 1;
  }

  private renew(at: Date): void {
    const { subscription } = this;
    if (subscription?.row.status !== "active") return;
    const { price, row, month } = subscription;
    if (at.getTime() >= row.periodEnd.getTime()) this.pay(price, at);
    else if (price.interval === "year" && at.getTime() >= monthsAfter(row.periodStart, month).getTime()) {
      this.drip(at);
    }
  }

  private fail(at: Date): void {
    const { subscription } = this;
    if (subscription?.row.status !== "active" || subscription.price.interval === "year") return;
    this.owed = this.invoice(subscription.price, at, "subscription", "open");
    this.become({ status: "past_due", pastDueSince: at });
  }

  private recover(at: Date): void {
    const { subscription, owed } = this;
    if (subscription?.row.status !== "past_due" || !owed) return;
    this.written.invoices.push({ ...owed, status: "paid", paidAt: at });
    this.owed = null;
    this.subscribe(subscription.price, at, "active");
    if (this.subscription) this.subscription.line = this.line(owed, subscription.price, at);
    this.drip(at);
  }

  private cancel(at: Date): void {
    if (!this.subscription) return;
    if (this.owed) this.written.invoices.push({ ...this.owed, status: "void" });
    this.owed = null;
    this.become({ status: "canceled", endedAt: at, pastDueSince: null });
    this.subscription = null;
  }

  private become(change: Partial<typeof subscriptions.$inferInsert>): void {
    if (!this.subscription) return;
    this.subscription.row = { ...this.subscription.row, ...change };
    this.written.subscriptions.push(this.subscription.row);
  }

  private buyPack(price: Price | undefined, at: Date): void {
    if (!price) return;
    this.event("checkout_begun", { pack: price.packId ?? "" });
    const invoice = this.invoice(price, at, "pack", "paid");
    const line = this.line(invoice, price, at);
    const lot = this.grant(price.credits, monthsAfter(at, price.expiresAfterMonths ?? 12), {
      ...{ source: "pack", cause: `pack:${price.packId}`, key: `${line}:0`, at },
      line: { id: line, month: 0 },
    });
    this.paidFor(lot, price, price.amountCents);
    this.pack = { invoice, lot };
  }

  /** The day after, if nothing of it was used: all of it. */
  private refundPack(_at: Date): void {
    if (!this.pack) return;
    const { invoice, lot } = this.pack;
    const [line] = [this.pack.lot.grantId];
    if (lot.credits === 0n) return;
    this.written.invoices.push({ ...invoice, refundedCents: invoice.totalCents });
    this.written.commands.push({
      ...{ verb: "reverse", accountId: this.ids.accountId, grantId: lot.grantId, credits: lot.credits },
      ...{ key: `${line}:back`, cause: "refund", reference: { type: "invoice", id: invoice.id } },
    });
    lot.credits = 0n;
  }

  private invoice(
    price: Price,
    at: Date,
    reason: "subscription" | "pack",
    status: "paid" | "open",
  ): typeof invoices.$inferInsert {
    numbered += 1;
    const invoice = {
      ...{ id: `in_demo_${numbered}`, accountId: this.ids.accountId, reason, status, attempted: true },
      ...{ number: `DEMO-${String(numbered).padStart(5, "0")}`, currency: price.currency },
      ...{ subscriptionId: reason === "pack" ? null : (this.subscription?.row.id ?? null) },
      ...{ totalCents: price.amountCents, createdAt: at, paidAt: status === "paid" ? at : null },
    };
    this.written.invoices.push(invoice);
    if (status === "paid")
      this.event("paid", { amountCents: price.amountCents, currency: price.currency, reason });
    return invoice;
  }

  private line(invoice: typeof invoices.$inferInsert, price: Price, at: Date): string {
    const id = `il_demo_${++numbered}`;
    const months = price.interval === "year" ? 12 : 1;
    this.written.lines.push({
      ...{ id, invoiceId: invoice.id, accountId: this.ids.accountId, priceId: price.id, position: 0 },
      ...{ description: price.planId ?? price.packId ?? "", amountCents: price.amountCents, quantity: 1 },
      ...{
        proration: false,
        periodStart: at,
        periodEnd: price.kind === "pack" ? at : monthsAfter(at, months),
      },
    });
    return id;
  }

  private grant(
    credits: bigint,
    expiresAt: Date | null,
    why: {
      source: "signup" | "plan" | "pack";
      cause: string;
      key: string;
      at: Date;
      line?: { id: string; month: number };
    },
  ): Lot {
    const { source, cause, key, at, line } = why;
    const { accountId } = this.ids;
    const lot = { grantId: newId("grant", at.getTime()), credits, expiresAt };
    this.lots.push(lot);
    this.written.commands.push({
      ...{ verb: "grant", accountId, key, source, credits, expiresAt, cause, grantId: lot.grantId },
    });
    if (line) {
      this.written.grants.push({
        ...{
          lineId: line.id,
          month: line.month,
          accountId,
          grantId: lot.grantId,
          credits,
          expiresAt,
          createdAt: at,
        },
      });
    }
    return lot;
  }

  private paidFor({ grantId }: Lot, price: Price, amount: number): void {
    const { accountId } = this.ids;
    const currency = price.currency.toUpperCase();
    this.written.payments.push({ accountId, grantId, currency, amount: BigInt(amount) });
  }

  private run(at: Date, random: Random): void {
    const tool = pick(tools, random);
    const chance = random();
    const status = chance < 0.93 ? "succeeded" : chance < 0.98 ? "failed" : "canceled";
    const charged = status === "succeeded" ? tool.credits : 0n;
    if (!this.spend(tool.credits, charged, at)) {
      this.event("out_of_credits", { tool: tool.slug });
      return;
    }
    const createdAt = new Date(at.getTime() - Math.floor(random() * 3_600_000));
    const id = newId("run", createdAt.getTime());
    const startedAt = new Date(createdAt.getTime() + 30 + Math.floor(random() ** 4 * 4_000));
    const endedAt = new Date(startedAt.getTime() + Math.floor(tool.seconds * 1000 * (0.5 + random() * 1.5)));
    const expiresAt = new Date(createdAt.getTime() + 30 * 86_400_000);
    this.written.runs.push({
      ...{ id, ...this.ids, tool: tool.slug, status, input: {}, idempotencyKey: id, inputHash: "demo" },
      ...{ held: tool.credits, charged, attempt: 1, createdAt, startedAt, endedAt, expiresAt },
      units: tool.units,
      ...(tool.model && { model: tool.model.name, costMicros: charged > 0n ? tool.model.costMicros : 0n }),
      ...(status === "failed" && { errorCode: "timed_out" }),
      // What went in and came out is no more: there never was any.
      purgedAt: endedAt,
    });
    this.event("run_finished", { tool: tool.slug, status, credits: Number(charged) });
    if (charged === 0n) return;
    this.written.commands.push({
      ...{ verb: "charge", accountId: this.ids.accountId, key: `${id}:charge`, credits: charged },
      ...{ cause: `tool:${tool.slug}`, reference: { type: "run", id } },
    });
  }

  /** Spends as the ledger does: the earliest expiry first. @returns false when there is not enough to hold */
  private spend(needed: bigint, charged: bigint, at: Date): boolean {
    const open = this.lots
      .filter(({ expiresAt, credits }) => credits > 0n && (!expiresAt || expiresAt.getTime() > at.getTime()))
      .toSorted((a, b) => (a.expiresAt?.getTime() ?? Infinity) - (b.expiresAt?.getTime() ?? Infinity));
    if (open.reduce((sum, { credits }) => sum + credits, 0n) < needed) return false;
    let rest = charged;
    for (const lot of open) {
      const taken = smaller(lot.credits, rest);
      lot.credits -= taken;
      rest -= taken;
    }
    return true;
  }

  private event(name: string, properties: Record<string, string | number>): void {
    const { country } = this.person;
    this.written.events.push({ name, ...this.ids, country, properties });
  }
}

function nothing(): Written {
  return {
    subscriptions: [],
    invoices: [],
    lines: [],
    grants: [],
    payments: [],
    runs: [],
    events: [],
    commands: [],
  };
}
