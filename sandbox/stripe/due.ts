import type Stripe from "stripe";
import type { Due, DueSource } from "./due-shape";
import { abandonInvoice, collectInvoice, finalizeInvoice } from "./invoice";
import { draftRenewal, nextPeriod, renew } from "./renewal";
import { duePhases } from "./schedule";
import { changeSubscription, endSubscription } from "./subscription";
import { periodOf } from "./subscription-shape";
import { expireIncomplete, isOver } from "./subscription-watch";
import type { World } from "./world";

/** What time itself brings about: renewals, retries, ends of trials, expiries. */

const dayS = 86_400;
const noticeS = 3 * dayS;
const firstPaymentS = 23 * 3600;

/** Everything that waits for its time, of the objects that live by this clock; soonest first. */
export function dueOf(world: World, clock: string | null, sources: readonly DueSource[] = []): Due[] {
  const lives = (object: { test_clock?: unknown }) => (object.test_clock ?? null) === clock;
  const subscriptions = world.store
    .all("subscription")
    .filter((subscription) => lives(subscription) && !isOver(subscription));
  const invoices = world.store.all("invoice").filter(lives);
  const others = clock === null ? sources.flatMap((source) => source(world)) : [];
  // Phases first: what renews at the same moment renews with the new phase's items.
  return [
    ...duePhases(world, clock),
    ...subscriptions.flatMap((subscription) => dueOfSubscription(world, subscription)),
    ...invoices.flatMap((invoice) => dueOfInvoice(world, invoice)),
    ...others,
  ].sort((a, b) => a.at - b.at);
}

/** Does the first thing that is due by `until`; false when there is none. */
export function doNext(
  world: World,
  clock: string | null,
  until: number,
  sources: readonly DueSource[] = [],
): boolean {
  const [next] = dueOf(world, clock, sources);
  if (!next || next.at > until) return false;
  world.store.transact(() => world.at(clock, next.at, next.run));
  return true;
}

function dueOfInvoice(world: World, invoice: Stripe.Invoice): Due[] {
  const { id, status, auto_advance, automatically_finalizes_at, next_payment_attempt } = invoice;
  if (!auto_advance) return [];
  if (status === "draft" && automatically_finalizes_at !== null) {
    const run = () => {
      const open = finalizeInvoice(world, id);
      if (open.status === "open" && open.collection_method === "charge_automatically")
        collectInvoice(world, id);
    };
    return [{ at: automatically_finalizes_at, what: "invoice.finalize", subject: id, run }];
  }
  if (status === "open" && next_payment_attempt !== null) {
    return [
      { at: next_payment_attempt, what: "invoice.retry", subject: id, run: () => collectInvoice(world, id) },
    ];
  }
  return [];
}

function dueOfSubscription(world: World, subscription: Stripe.Subscription): Due[] {
  const { id, status, cancel_at, pending_update, pause_collection, created, latest_invoice, trial_end } =
    subscription;
  if (status === "incomplete") {
    return [
      {
        at: created + firstPaymentS,
        what: "subscription.expire",
        subject: id,
        run: () => expireIncomplete(world, subscription),
      },
    ];
  }
  const { start, end } = periodOf(subscription);
  const due: Due[] = [];
  if (status !== "paused")
    due.push({ at: end, what: "subscription.renew", subject: id, run: () => renew(world, subscription) });
  if (cancel_at !== null && cancel_at < end) {
    due.push({
      at: cancel_at,
      what: "subscription.cancel",
      subject: id,
      run: () => endSubscription(world, id),
    });
  }
  if (pending_update) {
    const run = () => abandonInvoice(world, String(latest_invoice), "void");
    due.push({ at: pending_update.expires_at, what: "subscription.pending_update_expire", subject: id, run });
  }
  if (typeof pause_collection?.resumes_at === "number") {
    const run = () => changeSubscription(world, id, { pause_collection: null });
    due.push({ at: pause_collection.resumes_at, what: "subscription.resume_collection", subject: id, run });
  }
  const isTrial = status === "trialing" && trial_end !== null;
  // Once a period; of a trial that is shorter, at once.
  const mark = `${isTrial ? "trial_will_end" : "upcoming"}:${id}:${end}`;
  const isCycle = status === "active" || status === "past_due";
  if ((isTrial || (isCycle && cancel_at === null)) && !world.store.get("secret", mark)) {
    const run = () => {
      world.store.put("secret", { id: mark, value: "told" });
      if (isTrial) world.emit("customer.subscription.trial_will_end", world.require("subscription", id));
      else world.emit("invoice.upcoming", upcoming(world, world.require("subscription", id)));
    };
    due.push({
      at: Math.max(start, end - noticeS),
      what: isTrial ? "subscription.trial_will_end" : "invoice.upcoming",
      subject: id,
      run,
    });
  }
  return due;
}

/** The next renewal's invoice as it looks now; nothing of it stays. */
export function upcoming(world: World, subscription: Stripe.Subscription): Stripe.Invoice {
  return world.store.dryRun(() => {
    const next = nextPeriod(subscription);
    const invoice = draftRenewal(world, subscription, periodOf(subscription), next);
    return {
      ...invoice,
      id: `upcoming_${invoice.id}`,
      created: next.start,
      automatically_finalizes_at: null,
      next_payment_attempt: next.start + 3600,
    };
  });
}
