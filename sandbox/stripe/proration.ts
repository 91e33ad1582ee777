import type Stripe from "stripe";
import { reductionsOf } from "./discount";
import { type LineTerms, nameOf } from "./line";
import { prorate } from "./period";
import { type Period, periodOf, recurringLines, standingDiscounts } from "./subscription-shape";
import type { World } from "./world";

/** What a change in mid-period gives back for the old items and asks for the new ones. */

type Change = {
  before: Stripe.Subscription;
  after: Stripe.Subscription;
  /** The moment from which it counts. */
  at: number;
  /** A new period begins: everything old is given back, and the new is billed whole, elsewhere. */
  resets: boolean;
};

/** The credits and debits of a change. */
export function prorationsOf(world: World, { before, after, at, resets }: Change): LineTerms[] {
  const period = periodOf(before);
  if (at >= period.end) return [];
  const stays = (item: Stripe.SubscriptionItem) =>
    !resets &&
    before.items.data.some(({ id }) => id === item.id) &&
    [before, after].every(({ items }) =>
      items.data.some(
        (other) =>
          other.id === item.id && other.price.id === item.price.id && other.quantity === item.quantity,
      ),
    );
  const credits = before.items.data
    .filter((item) => !stays(item))
    .map((item) => creditFor(world, before, item, { start: at, end: period.end }));
  if (resets) return credits;
  const debits = after.items.data
    .filter((item) => !stays(item))
    .map((item) => debitFor(world, after, item, { start: at, end: period.end }));
  return [...credits, ...debits];
}

/** What was asked for an item's time that is left, given back. */
function creditFor(
  world: World,
  subscription: Stripe.Subscription,
  item: Stripe.SubscriptionItem,
  rest: Period,
): LineTerms {
  const line = lineFor(world, subscription, item);
  const billed = billedLine(world, subscription, item.id, rest.end);
  const amount = billed
    ? prorate(billed.line.amount - discountOf(billed.line), billed.line.period, rest.start)
    : prorate(netOf(world, subscription, line), periodOf(subscription), rest.start);
  return {
    ...line,
    amount: -amount,
    description: `Unused time on ${labelOf(world, item)} after ${dateText(rest.start)}`,
    period: rest,
    isProration: true,
    isDiscountable: false,
    credited: billed ? { invoice: billed.invoice, lines: [billed.line.id] } : null,
  };
}

function debitFor(
  world: World,
  subscription: Stripe.Subscription,
  item: Stripe.SubscriptionItem,
  rest: Period,
): LineTerms {
  const line = lineFor(world, subscription, item);
  return {
    ...line,
    amount: prorate(netOf(world, subscription, line), periodOf(subscription), rest.start),
    description: `Remaining time on ${labelOf(world, item)} after ${dateText(rest.start)}`,
    period: rest,
    isProration: true,
    isDiscountable: false,
  };
}

/** The item's line for a whole period. */
function lineFor(world: World, subscription: Stripe.Subscription, item: Stripe.SubscriptionItem): LineTerms {
  const alone = { ...subscription, items: { ...subscription.items, data: [item] } };
  const [line] = recurringLines(world, alone, periodOf(subscription));
  if (!line) throw new Error("An item has a line.");
  return line;
}

/** What a line costs after the subscription's discounts. */
function netOf(world: World, subscription: Stripe.Subscription, line: LineTerms): number {
  const lines = [{ amount: line.amount, product: String(line.price?.product), isDiscountable: true }];
  const discounts = standingDiscounts(world, subscription, world.nowFor(String(subscription.customer)));
  const [reductions = []] = reductionsOf(world, discounts, lines, subscription.currency);
  return line.amount - reductions.reduce((sum, { amount }) => sum + amount, 0);
}

/** The latest line that asked money for this item up to the end of its period. */
function billedLine(world: World, { id }: Stripe.Subscription, item: string, end: number) {
  for (const invoice of world.store.all("invoice").reverse()) {
    if (invoice.parent?.subscription_details?.subscription !== id || invoice.status === "void") continue;
    const line = invoice.lines.data.find(
      ({ parent, amount, period }) =>
        parent?.subscription_item_details?.subscription_item === item && amount > 0 && period.end === end,
    );
    if (line) return { invoice: invoice.id, line };
  }
  return null;
}

const discountOf = ({ discount_amounts }: Stripe.InvoiceLineItem) =>
  (discount_amounts ?? []).reduce((sum, { amount }) => sum + amount, 0);

function labelOf(world: World, { price, quantity = 1 }: Stripe.SubscriptionItem): string {
  const name = nameOf(world, price);
  return quantity === 1 ? name : `${quantity} × ${name}`;
}

/** "26 Nov 2026" */
export function dateText(at: number): string {
  return new Date(at * 1000).toLocaleDateString("en-GB", {
    day: "numeric",
    month: "short",
    year: "numeric",
    timeZone: "UTC",
  });
}
