import { z } from "zod";
import { invalid } from "./failure";
import { listOf, type Operation, operation, pageOf } from "./operation";
import { created, flag, isWithin, mergeMetadata, pages, text } from "./params";
import { resumeSubscription } from "./renewal";
import { createSubscription, endSubscription } from "./subscription";
import { cancellation, changes, creation } from "./subscription-params";
import { updateSubscription } from "./subscription-update";
import type { World } from "./world";

const ending = {
  cancellation_details: cancellation.optional(),
  invoice_now: flag.optional(),
  prorate: flag.optional(),
};
const statuses = [
  "active",
  "all",
  "canceled",
  "ended",
  "incomplete",
  "incomplete_expired",
  "past_due",
  "paused",
  "trialing",
  "unpaid",
] as const;

export const subscriptionOperations: Operation[] = [
  operation("POST", "/v1/subscriptions", creation, (world, params) => createSubscription(world, params)),
  operation("GET", "/v1/subscriptions/:id", {}, (world, _params, id) => world.require("subscription", id)),
  operation("POST", "/v1/subscriptions/:id", changes, (world, params, id) => {
    const { status, metadata } = world.require("subscription", id);
    const names = Object.entries(params).filter(([, value]) => value !== undefined);
    if (status === "canceled" && names.every(([name]) => name === "metadata")) {
      return world.store.put("subscription", {
        ...world.require("subscription", id),
        metadata: mergeMetadata(metadata, params.metadata),
      });
    }
    return updateSubscription(world, id, params);
  }),
  operation(
    "DELETE",
    "/v1/subscriptions/:id",
    ending,
    (world, { cancellation_details, invoice_now, prorate }, id) =>
      endSubscription(world, id, { ...cancellation_details, invoice_now, prorate }),
  ),
  operation(
    "POST",
    "/v1/subscriptions/:id/resume",
    {
      billing_cycle_anchor: z.literal("now").optional(),
      proration_behavior: z.enum(["always_invoice", "create_prorations", "none"]).optional(),
    },
    (world, _params, id) => {
      if (world.require("subscription", id).status !== "paused") {
        throw invalid("This subscription is not paused and cannot be resumed.");
      }
      return resumeSubscription(world, id);
    },
  ),
  operation(
    "GET",
    "/v1/subscriptions",
    {
      ...pages,
      ...created,
      customer: text.optional(),
      price: text.optional(),
      status: z.enum(statuses).optional(),
      test_clock: text.optional(),
    },
    (world, { customer, price, status, test_clock, created, ...paging }) =>
      listOf(
        world,
        "subscription",
        paging,
        "/v1/subscriptions",
        (found) =>
          (customer === undefined || found.customer === customer) &&
          (price === undefined || found.items.data.some((item) => item.price.id === price)) &&
          (test_clock === undefined || found.test_clock === test_clock) &&
          isAsked(status, found.status) &&
          isWithin(found.created, created),
      ),
  ),
  operation(
    "GET",
    "/v1/subscription_items",
    { ...pages, subscription: text },
    (world, { subscription, ...paging }) =>
      pageOf(
        world.require("subscription", subscription, "subscription").items.data,
        paging,
        "/v1/subscription_items",
      ),
  ),
];

export const subscriptionIncludes = {
  "customer.subscriptions": (world: World, { id }: { id: string }) => ({
    object: "list",
    data: world.store
      .all("subscription")
      .filter((found) => found.customer === id && found.status !== "canceled"),
    has_more: false,
    url: `/v1/customers/${id}/subscriptions`,
  }),
};

/** Without a wish, those that have not ended. */
function isAsked(asked: (typeof statuses)[number] | undefined, status: string): boolean {
  const isEnded = status === "canceled" || status === "incomplete_expired";
  if (asked === undefined) return status !== "canceled";
  if (asked === "ended") return isEnded;
  return asked === "all" || asked === status;
}
