import type Stripe from "stripe";
import { z } from "zod";
import { requireCustomer } from "./customer";
import { invalid } from "./failure";
import { listOf, type Operation, operation } from "./operation";
import { clearable, flag, mergeMetadata, metadata, pages, text } from "./params";
import type { World } from "./world";

/** Sessions of the billing portal, and what its pages offer. */

const completion = z.strictObject({
  redirect: z.strictObject({ return_url: text }).optional(),
  type: z.enum(["hosted_confirmation", "portal_homepage", "redirect"]),
});
const session = {
  configuration: text.optional(),
  customer: text,
  flow_data: z
    .strictObject({
      after_completion: completion.optional(),
      subscription_cancel: z.strictObject({ subscription: text }).optional(),
      type: z.enum(["payment_method_update", "subscription_cancel"]),
    })
    .optional(),
  locale: text.optional(),
  return_url: text.optional(),
};
const enabled = z.strictObject({ enabled: flag });
const configuration = {
  business_profile: z
    .strictObject({
      headline: clearable(text).optional(),
      privacy_policy_url: text.optional(),
      terms_of_service_url: text.optional(),
    })
    .optional(),
  default_return_url: clearable(text).optional(),
  features: z.strictObject({
    invoice_history: enabled.optional(),
    payment_method_update: enabled.optional(),
    subscription_cancel: z
      .strictObject({ enabled: flag, mode: z.enum(["at_period_end", "immediately"]).optional() })
      .optional(),
  }),
  metadata: metadata.optional(),
  name: clearable(text).optional(),
};
type ConfigurationParams = z.output<z.ZodObject<typeof configuration>>;

export const portalOperations: Operation[] = [
  operation("POST", "/v1/billing_portal/sessions", session, (world, params) => createPortal(world, params)),
  operation("POST", "/v1/billing_portal/configurations", configuration, (world, params) =>
    createConfiguration(world, params, false),
  ),
  operation("GET", "/v1/billing_portal/configurations/:id", {}, (world, _params, id) =>
    world.require("billing_portal.configuration", id),
  ),
  operation(
    "GET",
    "/v1/billing_portal/configurations",
    { ...pages, active: flag.optional(), is_default: flag.optional() },
    (world, { active, is_default, ...paging }) =>
      listOf(
        world,
        "billing_portal.configuration",
        paging,
        "/v1/billing_portal/configurations",
        (found) =>
          (active === undefined || found.active === active) &&
          (is_default === undefined || found.is_default === is_default),
      ),
  ),
];

function createPortal(
  world: World,
  params: z.output<z.ZodObject<typeof session>>,
): Stripe.BillingPortal.Session {
  const customer = requireCustomer(world, params.customer);
  const { flow_data } = params;
  const subscription = flow_data?.subscription_cancel?.subscription;
  if (subscription && world.require("subscription", subscription, "flow_data").customer !== customer.id) {
    throw invalid("This subscription belongs to another customer.", {
      param: "flow_data[subscription_cancel][subscription]",
    });
  }
  const id = world.newId("bps");
  return world.store.put("billing_portal.session", {
    id,
    object: "billing_portal.session",
    configuration: params.configuration
      ? world.require("billing_portal.configuration", params.configuration, "configuration").id
      : defaultConfiguration(world).id,
    created: world.nowFor(customer.id),
    customer: customer.id,
    customer_account: null,
    flow: flow_data
      ? {
          after_completion: {
            hosted_confirmation: null,
            redirect: flow_data.after_completion?.redirect ?? null,
            type: flow_data.after_completion?.type ?? "portal_homepage",
          },
          customer_update: null,
          subscription_cancel: subscription ? { retention: null, subscription } : null,
          subscription_pause: null,
          subscription_update: null,
          subscription_update_confirm: null,
          type: flow_data.type,
        }
      : null,
    livemode: false,
    locale: params.locale ?? null,
    on_behalf_of: null,
    return_url: params.return_url ?? null,
    url: `${world.url()}/portal/${id}`,
  });
}

function defaultConfiguration(world: World): Stripe.BillingPortal.Configuration {
  const found = world.store.all("billing_portal.configuration").find(({ is_default }) => is_default);
  const on = { enabled: true };
  return (
    found ??
    createConfiguration(
      world,
      { features: { invoice_history: on, payment_method_update: on, subscription_cancel: on } },
      true,
    )
  );
}

function createConfiguration(
  world: World,
  params: ConfigurationParams,
  is_default: boolean,
): Stripe.BillingPortal.Configuration {
  const { features, business_profile } = params;
  const made = world.store.put("billing_portal.configuration", {
    id: world.newId("bpc"),
    object: "billing_portal.configuration",
    active: true,
    application: null,
    business_profile: {
      headline: business_profile?.headline ?? null,
      privacy_policy_url: business_profile?.privacy_policy_url ?? null,
      terms_of_service_url: business_profile?.terms_of_service_url ?? null,
    },
    created: world.now(),
    default_return_url: params.default_return_url ?? null,
    features: {
      customer_update: { allowed_updates: [], enabled: false },
      invoice_history: { enabled: features.invoice_history?.enabled ?? false },
      payment_method_update: {
        enabled: features.payment_method_update?.enabled ?? false,
        payment_method_configuration: null,
      },
      subscription_cancel: {
        cancellation_reason: { enabled: false, feedback_options: null, options: [] },
        enabled: features.subscription_cancel?.enabled ?? false,
        mode: features.subscription_cancel?.mode ?? "at_period_end",
        proration_behavior: "none",
      },
      subscription_pause: { duration: { interval_options: [], type: "indefinite" }, enabled: false },
      subscription_update: {
        billing_cycle_anchor: null,
        default_allowed_updates: [],
        enabled: false,
        proration_behavior: "none",
        schedule_at_period_end: { conditions: [] },
        trial_update_behavior: "end_trial",
      },
    },
    is_default,
    livemode: false,
    login_page: { enabled: false, url: null },
    metadata: mergeMetadata({}, params.metadata),
    name: params.name ?? null,
    updated: world.now(),
  });
  world.emit("billing_portal.configuration.created", made);
  return made;
}
