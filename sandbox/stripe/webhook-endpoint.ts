import type Stripe from "stripe";
import { z } from "zod";
import { invalid } from "./failure";
import { listOf, type Operation, operation } from "./operation";
import { clearable, flag, mergeMetadata, metadata, pages, text } from "./params";
import type { Deleted } from "./records";
import { apiVersion } from "./version";
import type { World } from "./world";

const changes = {
  description: clearable(text).optional(),
  disabled: flag.optional(),
  enabled_events: z.array(text).optional(),
  metadata: metadata.optional(),
  url: text.optional(),
};
const creation = {
  api_version: text.optional(),
  description: clearable(text).optional(),
  enabled_events: z.array(text),
  metadata: metadata.optional(),
  url: text,
};

export const webhookEndpointOperations: Operation[] = [
  operation("POST", "/v1/webhook_endpoints", creation, (world, params) => {
    const { api_version } = params;
    if (api_version && api_version !== apiVersion)
      throw invalid(`Invalid API version: ${api_version}`, { param: "api_version" });
    return createEndpoint(world, { ...params, secret: world.newId("whsec", 32) });
  }),
  operation("GET", "/v1/webhook_endpoints/:id", {}, (world, _params, id) =>
    withoutSecret(requireEndpoint(world, id)),
  ),
  operation("POST", "/v1/webhook_endpoints/:id", changes, (world, params, id) => {
    const before = requireEndpoint(world, id);
    return withoutSecret(
      world.store.put("webhook_endpoint", {
        ...before,
        description: params.description === undefined ? before.description : params.description,
        enabled_events: params.enabled_events ?? before.enabled_events,
        metadata: mergeMetadata(before.metadata, params.metadata),
        status: params.disabled === undefined ? before.status : params.disabled ? "disabled" : "enabled",
        url: params.url ?? before.url,
      }),
    );
  }),
  operation("DELETE", "/v1/webhook_endpoints/:id", {}, (world, _params, id): Deleted => {
    requireEndpoint(world, id);
    world.store.remove("webhook_endpoint", id);
    return { id, object: "webhook_endpoint", deleted: true };
  }),
  operation("GET", "/v1/webhook_endpoints", pages, (world, paging) => {
    const page = listOf(world, "webhook_endpoint", paging, "/v1/webhook_endpoints");
    return { ...page, data: page.data.map(withoutSecret) };
  }),
];

type Creation = Omit<z.output<z.ZodObject<typeof creation>>, "api_version"> & { secret: string };

/** Registers an address for events. */
export function createEndpoint(world: World, params: Creation): Stripe.WebhookEndpoint {
  return world.store.put("webhook_endpoint", {
    id: world.newId("we"),
    object: "webhook_endpoint",
    api_version: apiVersion,
    application: null,
    created: world.now(),
    description: params.description ?? null,
    enabled_events: params.enabled_events,
    livemode: false,
    metadata: mergeMetadata({}, params.metadata),
    secret: params.secret,
    status: "enabled",
    url: params.url,
  });
}

function requireEndpoint(world: World, id: string): Stripe.WebhookEndpoint {
  return world.require("webhook_endpoint", id);
}

/** The secret is told once, when the endpoint is made. */
function withoutSecret({ secret: _, ...endpoint }: Stripe.WebhookEndpoint): Stripe.WebhookEndpoint {
  return endpoint;
}
