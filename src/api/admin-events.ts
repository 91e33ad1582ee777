import { createRoute, z } from "@hono/zod-openapi";
import {
  type EventView,
  eventStatuses,
  listEvents,
  readPayload,
  replayEvent,
  replayEvents,
  replayFailed,
  requireEvent,
} from "#billing";
import { problems } from "./problem";
import { newRouter } from "./router";
import { idParam, pageOf, pageQuery, readTimeCursor, timeSchema, writeTimeCursor } from "./schemas";
import { actorOf, needs } from "./staff";

/** Stripe's events: which came in, which were given up and why, and trying one again. */

const eventSchema = z
  .object({
    id: z.string().openapi({ description: "Stripe's." }),
    type: z.string().openapi({ example: "invoice.paid" }),
    status: z.enum(eventStatuses).openapi({ description: "`failed`: given up, for a person to look at." }),
    attempts: z.int(),
    error: z.string().nullable().openapi({ description: "What went wrong last, or why it is none of ours." }),
    objectId: z.string().nullable(),
    stripeCustomerId: z.string().nullable(),
    customerId: z.string().nullable().openapi({ description: "The user whom it is about." }),
    customerMail: z.string().nullable(),
    livemode: z.boolean(),
    createdAt: timeSchema.openapi({ description: "By Stripe's clock." }),
    receivedAt: timeSchema,
    processedAt: timeSchema.nullable(),
  })
  .openapi("PaymentEvent");

export type EventJson = z.infer<typeof eventSchema>;

const tags = ["Back office"];

const listRoute = createRoute({
  method: "get",
  path: "/admin/events",
  tags,
  summary: "Events of the payment service",
  description: "Newest first. An event that could not be processed in two days of attempts is `failed`.",
  ...needs("payments.read"),
  request: {
    query: z.object({
      status: z.enum(eventStatuses).optional(),
      type: z.string().max(100).optional().openapi({ description: "What the type begins with." }),
      customer: z.string().max(320).optional().openapi({ description: "A mail address, or Stripe's id." }),
      ...pageQuery,
    }),
  },
  responses: {
    200: {
      description: "A page of events.",
      content: { "application/json": { schema: pageOf(eventSchema).openapi("PaymentEventPage") } },
    },
    ...problems("unauthenticated", "forbidden", "not_found", "invalid_request"),
  },
});

const replayRoute = createRoute({
  method: "post",
  path: "/admin/events/{id}/replay",
  tags,
  summary: "Process an event anew",
  description: "A job looks at its customer again. Whatever was granted before is not granted twice.",
  ...needs("payments.replay"),
  request: { params: idParam("The event's id.") },
  responses: {
    202: {
      description: "It waits for the worker.",
      content: { "application/json": { schema: z.object({ id: z.string(), status: z.literal("waiting") }) } },
    },
    ...problems("unauthenticated", "forbidden", "not_found"),
  },
});

const one = "/admin/events/{id}";
const idOfEvent = { params: idParam("The event's id.") };

const eventRoute = createRoute({
  method: "get",
  path: one,
  tags,
  summary: "An event of the payment service",
  ...needs("payments.read"),
  request: idOfEvent,
  responses: {
    200: { description: "The event.", content: { "application/json": { schema: eventSchema } } },
    ...problems("unauthenticated", "forbidden", "not_found"),
  },
});

const payloadSchema = z
  .object({
    payload: z
      .unknown()
      .nullable()
      .openapi({ description: "As Stripe has it now; null: Stripe forgets an event after 30 days." }),
  })
  .openapi("PaymentEventPayload");

export type EventPayloadJson = z.infer<typeof payloadSchema>;

const payloadRoute = createRoute({
  method: "get",
  path: `${one}/payload`,
  tags,
  summary: "What an event told",
  description: "Asked of Stripe at this moment: we keep ids alone.",
  ...needs("payments.read"),
  request: idOfEvent,
  responses: {
    200: { description: "The event's JSON.", content: { "application/json": { schema: payloadSchema } } },
    ...problems("unauthenticated", "forbidden", "not_found", "payments_off", "payments_unreachable"),
  },
});

const replaysRoute = createRoute({
  method: "post",
  path: "/admin/events/replays",
  tags,
  summary: "Process several events anew",
  description: "Those that are named, or, by a job, all that were given up of a filter.",
  ...needs("payments.replay"),
  request: {
    body: {
      required: true,
      content: {
        "application/json": {
          schema: z.union([
            z.strictObject({ ids: z.array(z.string().max(100)).min(1).max(100) }),
            z.strictObject({
              failed: z.strictObject({
                type: z.string().max(100).optional(),
                customer: z.string().max(320).optional(),
              }),
            }),
          ]),
        },
      },
    },
  },
  responses: {
    202: {
      description: "They wait for the worker.",
      content: { "application/json": { schema: z.object({ count: z.int() }) } },
    },
    ...problems("unauthenticated", "forbidden", "not_found", "malformed_request", "invalid_request"),
  },
});

const cursorForm = /^\d{1,15} \w{1,100}$/;

export const eventsOffice = newRouter()
  .openapi(listRoute, async (c) => {
    const { cursor, limit, ...filter } = c.req.valid("query");
    const before = readTimeCursor(cursor, cursorForm);
    const { events, next } = await listEvents(filter, { limit, before });
    return c.json({ data: events.map(eventJson), nextCursor: writeTimeCursor(next) }, 200);
  })
  .openapi(replaysRoute, async (c) => {
    const wanted = c.req.valid("json");
    if ("failed" in wanted) return c.json({ count: await replayFailed(wanted.failed, actorOf(c)) }, 202);
    await replayEvents(wanted.ids, actorOf(c));
    return c.json({ count: wanted.ids.length }, 202);
  })
  .openapi(eventRoute, async (c) => c.json(eventJson(await requireEvent(c.req.valid("param").id)), 200))
  .openapi(payloadRoute, async (c) => c.json({ payload: await readPayload(c.req.valid("param").id) }, 200))
  .openapi(replayRoute, async (c) => {
    const { id } = c.req.valid("param");
    await replayEvent(id, actorOf(c));
    return c.json({ id, status: "waiting" } as const, 202);
  });

function eventJson({ createdAt, receivedAt, processedAt, ...event }: EventView): EventJson {
  return {
    ...event,
    createdAt: createdAt.toISOString(),
    receivedAt: receivedAt.toISOString(),
    processedAt: processedAt?.toISOString() ?? null,
  };
}
