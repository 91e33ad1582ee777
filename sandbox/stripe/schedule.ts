import type Stripe from "stripe";
import { z } from "zod";
import { requireCustomer } from "./customer";
import type { Due } from "./due-shape";
import { invalid } from "./failure";
import { listOf, type Operation, operation } from "./operation";
import { created, flag, isWithin, mergeMetadata, metadata, pages, text, whole } from "./params";
import { addInterval } from "./period";
import { changeSubscription, createSubscription, endSubscription } from "./subscription";
import { itemsOf, periodOf } from "./subscription-shape";
import { updateSubscription } from "./subscription-update";
import { previousOf, type World } from "./world";

/** Changes that are laid down for later: phases, each with its items. */

const phase = z.strictObject({
  duration: z
    .strictObject({ interval: z.enum(["day", "week", "month", "year"]), interval_count: whole.optional() })
    .optional(),
  end_date: whole.optional(),
  items: z.array(z.strictObject({ metadata: metadata.optional(), price: text, quantity: whole.optional() })),
  metadata: metadata.optional(),
  proration_behavior: z.enum(["always_invoice", "create_prorations", "none"]).optional(),
  start_date: z.union([z.literal("now"), whole]).optional(),
  trial_end: whole.optional(),
});
type PhaseParams = z.output<typeof phase>;
const ending = z.enum(["cancel", "none", "release", "renew"]);
const changes = {
  end_behavior: ending.optional(),
  metadata: metadata.optional(),
  phases: z.array(phase).optional(),
  proration_behavior: z.enum(["always_invoice", "create_prorations", "none"]).optional(),
};
const creation = {
  customer: text.optional(),
  end_behavior: ending.optional(),
  from_subscription: text.optional(),
  metadata: metadata.optional(),
  phases: z.array(phase).optional(),
  start_date: z.union([z.literal("now"), whole]).optional(),
};

export const scheduleOperations: Operation[] = [
  operation("POST", "/v1/subscription_schedules", creation, (world, params) => createSchedule(world, params)),
  operation("GET", "/v1/subscription_schedules/:id", {}, (world, _params, id) =>
    world.require("subscription_schedule", id),
  ),
  operation("POST", "/v1/subscription_schedules/:id", changes, (world, params, id) =>
    updateSchedule(world, id, params),
  ),
  operation(
    "POST",
    "/v1/subscription_schedules/:id/release",
    { preserve_cancel_date: flag.optional() },
    (world, _params, id) => releaseSchedule(world, id),
  ),
  operation(
    "POST",
    "/v1/subscription_schedules/:id/cancel",
    { invoice_now: flag.optional(), prorate: flag.optional() },
    (world, { invoice_now, prorate }, id) => {
      const before = requireOpen(world, id);
      if (typeof before.subscription === "string")
        endSubscription(world, before.subscription, { invoice_now, prorate });
      return close(world, before, "canceled");
    },
  ),
  operation(
    "GET",
    "/v1/subscription_schedules",
    { ...pages, ...created, customer: text.optional() },
    (world, { customer, created, ...paging }) =>
      listOf(
        world,
        "subscription_schedule",
        paging,
        "/v1/subscription_schedules",
        (schedule) =>
          (customer === undefined || schedule.customer === customer) && isWithin(schedule.created, created),
      ),
  ),
];

function createSchedule(
  world: World,
  params: z.output<z.ZodObject<typeof creation>>,
): Stripe.SubscriptionSchedule {
  const { from_subscription, customer, phases = [] } = params;
  if (from_subscription) {
    if (phases.length > 0)
      throw invalid("You cannot set `phases` if `from_subscription` is set.", { param: "phases" });
    return scheduleOf(world, world.require("subscription", from_subscription, "from_subscription"), params);
  }
  const [first] = phases;
  if (!customer || !first) throw invalid("You must pass from_subscription, or customer and phases.");
  if (typeof params.start_date === "number" && params.start_date > world.nowFor(customer)) {
    throw invalid("The sandbox begins schedules now only.", { param: "start_date" });
  }
  const subscription = createSubscription(world, {
    customer: requireCustomer(world, customer).id,
    items: first.items,
  });
  const schedule = scheduleOf(world, subscription, params);
  return world.store.put("subscription_schedule", {
    ...schedule,
    phases: phasesOf(world, subscription, phases),
  });
}

function scheduleOf(
  world: World,
  subscription: Stripe.Subscription,
  params: {
    end_behavior?: z.output<typeof ending> | undefined;
    metadata?: Record<string, string> | null | undefined;
  },
): Stripe.SubscriptionSchedule {
  if (subscription.schedule) {
    throw invalid("You cannot migrate a subscription that is already attached to a schedule.", {
      param: "from_subscription",
    });
  }
  const period = periodOf(subscription);
  const items = subscription.items.data.map(({ price, quantity = 1 }) => ({ price: price.id, quantity }));
  const schedule = world.store.put("subscription_schedule", {
    id: world.newId("sub_sched"),
    object: "subscription_schedule",
    application: null,
    billing_mode: subscription.billing_mode,
    canceled_at: null,
    completed_at: null,
    created: world.nowFor(String(subscription.customer)),
    current_phase: { start_date: period.start, end_date: period.end },
    customer: subscription.customer,
    customer_account: null,
    default_settings: {
      application_fee_percent: null,
      billing_cycle_anchor: "automatic",
      billing_thresholds: null,
      collection_method: "charge_automatically",
      default_payment_method: null,
      description: null,
      invoice_settings: {
        account_tax_ids: null,
        custom_fields: null,
        days_until_due: null,
        description: null,
        footer: null,
        issuer: { type: "self" },
      },
      on_behalf_of: null,
      transfer_data: null,
    },
    end_behavior: params.end_behavior ?? "release",
    livemode: false,
    metadata: mergeMetadata({}, params.metadata),
    pause_schedules: [],
    phases: phasesOf(world, subscription, [
      {
        ...{ items, start_date: period.start, end_date: period.end },
        ...(subscription.status === "trialing" ? { trial_end: subscription.trial_end ?? undefined } : {}),
      },
    ]),
    released_at: null,
    released_subscription: null,
    status: "active",
    subscription: subscription.id,
    test_clock: subscription.test_clock,
  });
  world.emit("subscription_schedule.created", schedule);
  changeSubscription(world, subscription.id, { schedule: schedule.id });
  return schedule;
}

function updateSchedule(
  world: World,
  id: string,
  params: z.output<z.ZodObject<typeof changes>>,
): Stripe.SubscriptionSchedule {
  const before = requireOpen(world, id);
  const subscription = world.require("subscription", String(before.subscription));
  const phases = params.phases ? phasesOf(world, subscription, params.phases) : before.phases;
  const now = world.nowFor(String(before.customer));
  const current = phases.find(({ start_date, end_date }) => start_date <= now && now < end_date);
  if (!current)
    throw invalid("The first phase must include now: repeat the current phase's start_date.", {
      param: "phases",
    });
  const after = world.store.put("subscription_schedule", {
    ...before,
    phases,
    current_phase: { start_date: current.start_date, end_date: current.end_date },
    end_behavior: params.end_behavior ?? before.end_behavior,
    metadata: mergeMetadata(before.metadata, params.metadata),
  });
  world.emit("subscription_schedule.updated", after, previousOf(before, after));
  return after;
}

function phasesOf(
  world: World,
  subscription: Stripe.Subscription,
  given: PhaseParams[],
): Stripe.SubscriptionSchedule.Phase[] {
  const now = world.nowFor(String(subscription.customer));
  let last = periodOf(subscription).start;
  return given.map((terms, index) => {
    const start_date = terms.start_date === "now" ? now : (terms.start_date ?? last);
    const isLast = index === given.length - 1;
    const [item] = terms.items;
    const recurring = world.store.get("price", item?.price ?? "")?.recurring;
    const { interval, interval_count = 1 } = terms.duration ?? {
      interval: recurring?.interval ?? "month",
      interval_count: recurring?.interval_count,
    };
    const end_date = terms.end_date ?? addInterval(start_date, interval, interval_count);
    if (end_date <= start_date)
      throw invalid("A phase must end after it starts.", { param: `phases[${index}][end_date]` });
    if (!isLast && terms.end_date === undefined && !terms.duration) {
      throw invalid("Every phase but the last needs an end_date or a duration.", {
        param: `phases[${index}]`,
      });
    }
    last = end_date;
    return {
      add_invoice_items: [],
      application_fee_percent: null,
      billing_cycle_anchor: null,
      billing_thresholds: null,
      collection_method: null,
      currency: subscription.currency,
      default_payment_method: null,
      description: null,
      discounts: [],
      end_date,
      invoice_settings: null,
      items: terms.items.map(({ price, quantity = 1, metadata }, at) => ({
        billing_thresholds: null,
        discounts: [],
        metadata: mergeMetadata({}, metadata),
        plan: price,
        price: world.require("price", price, `phases[${index}][items][${at}][price]`).id,
        quantity,
      })),
      metadata: mergeMetadata({}, terms.metadata),
      on_behalf_of: null,
      proration_behavior: terms.proration_behavior ?? "create_prorations",
      start_date,
      transfer_data: null,
      trial_end: terms.trial_end ?? null,
    };
  });
}

/** Ends the schedule; the subscription goes on as it is. */
function releaseSchedule(world: World, id: string): Stripe.SubscriptionSchedule {
  return close(world, requireOpen(world, id), "released");
}

function close(
  world: World,
  before: Stripe.SubscriptionSchedule,
  status: "canceled" | "released" | "completed",
): Stripe.SubscriptionSchedule {
  const now = world.nowFor(String(before.customer));
  const subscription = typeof before.subscription === "string" ? before.subscription : null;
  const after = world.store.put("subscription_schedule", {
    ...before,
    current_phase: null,
    status,
    ...(status === "canceled" ? { canceled_at: now } : {}),
    ...(status === "completed" ? { completed_at: now } : {}),
    ...(status === "released"
      ? { released_at: now, released_subscription: subscription, subscription: null }
      : {}),
  });
  world.emit(`subscription_schedule.${status}`, after);
  if (subscription) changeSubscription(world, subscription, { schedule: null });
  return after;
}

function requireOpen(world: World, id: string): Stripe.SubscriptionSchedule {
  const schedule = world.require("subscription_schedule", id);
  if (schedule.status !== "active" && schedule.status !== "not_started") {
    throw invalid(`You cannot change a subscription schedule that is ${schedule.status}.`);
  }
  return schedule;
}

/** The ends of phases. */
export function duePhases(world: World, clock: string | null): Due[] {
  return world.store
    .all("subscription_schedule")
    .filter(({ status, test_clock }) => status === "active" && (test_clock ?? null) === clock)
    .flatMap(({ id, current_phase }) =>
      current_phase
        ? [
            {
              at: current_phase.end_date,
              what: "subscription_schedule.phase",
              subject: id,
              run: () => nextPhase(world, id),
            },
          ]
        : [],
    );
}

function nextPhase(world: World, id: string): void {
  const before = world.require("subscription_schedule", id);
  const subscription = world.require("subscription", String(before.subscription));
  const next = before.phases.find(({ start_date }) => start_date === before.current_phase?.end_date);
  if (!next) {
    if (before.end_behavior === "cancel") endSubscription(world, subscription.id);
    close(world, before, before.end_behavior === "cancel" ? "completed" : "released");
    return;
  }
  const after = world.store.put("subscription_schedule", {
    ...before,
    current_phase: { start_date: next.start_date, end_date: next.end_date },
  });
  world.emit("subscription_schedule.updated", after, previousOf(before, after));
  const terms = next.items.map(({ price, quantity = 1 }) => ({
    price: world.require("price", String(price)),
    quantity,
    metadata: {},
  }));
  const period = periodOf(subscription);
  if (period.end <= next.start_date) {
    // At a period's end there is nothing to prorate: the renewal that follows bills the new items.
    changeSubscription(world, subscription.id, {
      items: itemsOf(world, subscription.id, terms, period, next.start_date),
      metadata: mergeMetadata(subscription.metadata, next.metadata),
    });
    return;
  }
  updateSubscription(world, subscription.id, {
    items: [
      ...subscription.items.data.map(({ id: item }) => ({ id: item, deleted: true })),
      ...terms.map(({ price, quantity }) => ({ price: price.id, quantity })),
    ],
    proration_behavior:
      next.proration_behavior === "none"
        ? "none"
        : next.proration_behavior === "always_invoice"
          ? "always_invoice"
          : "create_prorations",
    metadata: next.metadata,
  });
}
