import "#server-only";
import { sql } from "drizzle-orm";
import { Hono } from "hono";
import { z } from "zod";
import { db } from "#platform/db";
import { Refusal } from "#platform/refusal";
import type { Behaviour } from "./card";
import type { Coming } from "./control";
import { runningSandbox, type StripeSandbox } from "./running";

/** What /dev/stripe shows and does, as JSON. Mounted by the API on development sites only. */

export type ConsoleCard = {
  id: string;
  brand: string;
  last4: string;
  behaviour: Behaviour | null;
  isDefault: boolean;
};
export type ConsoleCharge = {
  id: string;
  amount: number;
  currency: string;
  status: string;
  created: number;
  dispute: { id: string; status: string } | null;
};
export type ConsoleCustomer = {
  id: string;
  email: string | null;
  subscriptions: {
    id: string;
    status: string;
    name: string;
    renewsAt: number;
    cancelAt: number | null;
    endedAt: number | null;
  }[];
  cards: ConsoleCard[];
  charges: ConsoleCharge[];
};
export type ConsoleEvent = {
  id: string;
  type: string;
  created: number;
  delivery: {
    status: "pending" | "held" | "delivered" | "failed";
    attempts: number;
    error: string | null;
  } | null;
};
export type ConsoleState = {
  url: string;
  now: number;
  /** How many seconds the clock leads the real time. */
  lead: number;
  isHolding: boolean;
  held: number;
  customers: ConsoleCustomer[];
  events: ConsoleEvent[];
  behaviours: Behaviour[];
};
export type { Coming };

const mostEvents = 100;
const moment = z.object({ to: z.number().int() });
const behaviour = z.object({
  behaviour: z
    .enum([
      "success",
      "decline",
      "insufficient_funds",
      "decline_on_charge",
      "authenticate_always",
      "expired_card",
      "processing_error",
    ])
    .nullable(),
});

/** Routes under /api/dev/stripe. */
export const stripeConsole = new Hono()
  .get("/", (c) => c.json(stateOf(requireSandbox())))
  .get("/coming", (c) => c.json({ data: requireSandbox().control.coming(Number(c.req.query("until"))) }))
  .post("/advance", async (c) => {
    const { to } = await bodyOf(c.req.raw, moment);
    const done = await requireSandbox().control.advance(to, moveMoney);
    return c.json({ data: done });
  })
  .post("/cards/:id", async (c) => {
    requireSandbox().control.setCard(c.req.param("id"), (await bodyOf(c.req.raw, behaviour)).behaviour);
    return c.json({});
  })
  .post("/charges/:id/dispute", (c) =>
    c.json({ id: requireSandbox().control.openDispute(c.req.param("id")).id }),
  )
  .post("/disputes/:id/:outcome{won|lost}", (c) => {
    const outcome = c.req.param("outcome") === "won" ? "won" : "lost";
    return c.json({ id: requireSandbox().control.closeDispute(c.req.param("id"), outcome).id });
  })
  .post("/events/:id/resend", async (c) => {
    const { times } = await bodyOf(c.req.raw, z.object({ times: z.number().int().min(1).max(10) }));
    requireSandbox().control.resend(c.req.param("id"), times);
    return c.json({});
  })
  .post("/hold", (c) => {
    requireSandbox().control.holdEvents();
    return c.json({});
  })
  .post("/release", async (c) => {
    const terms = z.object({ order: z.enum(["same", "reverse"]), times: z.number().int().min(1).max(10) });
    requireSandbox().control.releaseEvents(await bodyOf(c.req.raw, terms));
    return c.json({});
  })
  .post("/retry", async (c) => {
    await requireSandbox().control.retryNow();
    return c.json({});
  });

/** Money's clock goes with the sandbox's, so that credits expire when what paid for them ends. `now` in seconds. */
export async function moveMoney(now: number): Promise<void> {
  await db().execute(
    sql`update money_clock set shift = to_timestamp(${now}) - clock_timestamp() where not live`,
  );
}

function requireSandbox(): StripeSandbox {
  const running = runningSandbox.get();
  if (!running) throw new Refusal("not_found");
  return running;
}

async function bodyOf<T>(request: Request, schema: z.ZodType<T>): Promise<T> {
  const parsed = schema.safeParse(await request.json().catch(() => null));
  if (!parsed.success) throw new Refusal("not_found");
  return parsed.data;
}

function stateOf({ control, url }: StripeSandbox): ConsoleState {
  const { store, isHolding, now, realNow } = control.look();
  const deliveries = new Map(store.all("delivery").map((delivery) => [delivery.event, delivery]));
  const disputes = new Map(store.all("dispute").map((dispute) => [String(dispute.charge), dispute]));
  return {
    url,
    now,
    lead: now - realNow,
    isHolding,
    held: store.all("delivery").filter(({ status }) => status === "held").length,
    behaviours: behaviour.shape.behaviour.unwrap().options.slice(),
    customers: store
      .all("customer")
      .filter(({ test_clock }) => !test_clock)
      .reverse()
      .map((customer) => ({
        id: customer.id,
        email: customer.email,
        subscriptions: store
          .all("subscription")
          .filter((subscription) => subscription.customer === customer.id)
          .reverse()
          .map(({ id, status, items, cancel_at, ended_at }) => ({
            id,
            status,
            name: items.data
              .map(({ price }) => store.get("product", String(price.product))?.name ?? price.id)
              .join(" + "),
            renewsAt: items.data[0]?.current_period_end ?? 0,
            cancelAt: cancel_at,
            endedAt: ended_at,
          })),
        cards: store
          .all("payment_method")
          .filter((method) => method.customer === customer.id)
          .map(({ id, card }) => ({
            id,
            brand: card?.brand ?? "",
            last4: card?.last4 ?? "",
            behaviour: store.get("card", id)?.behaviour ?? null,
            isDefault: customer.invoice_settings.default_payment_method === id,
          })),
        charges: store
          .all("charge")
          .filter((charge) => charge.customer === customer.id)
          .reverse()
          .slice(0, 20)
          .map(({ id, amount, currency, status, created }) => {
            const dispute = disputes.get(id);
            return {
              id,
              amount,
              currency,
              status,
              created,
              dispute: dispute ? { id: dispute.id, status: dispute.status } : null,
            };
          }),
      })),
    events: store
      .all("event")
      .slice(-mostEvents)
      .reverse()
      .map(({ id, type, created }) => {
        const delivery = deliveries.get(id);
        return {
          id,
          type,
          created,
          delivery: delivery
            ? { status: delivery.status, attempts: delivery.attempts, error: delivery.lastError }
            : null,
        };
      }),
  };
}
