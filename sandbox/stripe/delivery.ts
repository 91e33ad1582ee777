import { createHmac } from "node:crypto";
import type { Delivery } from "./records";
import type { World } from "./world";

/**
 * Brings events to the endpoints, signed as Stripe signs them. An endpoint that does not answer 2xx is tried
 * again, later each time.
 */

/** How long after each failure it is tried again, in ms; after the last it is given up. */
const pauses = [1_000, 5_000, 30_000, 120_000, 600_000, 3_600_000, 3 * 3_600_000, 6 * 3_600_000];
const patienceMs = 10_000;

export type Courier = {
  /** Looks for what is due now. */
  wake(): void;
  /** Resolves when everything due has been delivered or has failed; failures that wait for later do not count. */
  settled(): Promise<void>;
  stop(): Promise<void>;
};

/** @param concurrency how many are under way at once; with more than one their order is not kept */
export function startCourier(world: World, concurrency = 4): Courier {
  const running = new Map<string, Promise<void>>();
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;

  function wake(): void {
    clearTimeout(timer);
    if (stopped) return;
    const pending = waitingOf(world).filter(({ id }) => !running.has(id));
    const due = pending.filter(({ nextAt }) => nextAt <= world.realNow());
    for (const delivery of due.slice(0, concurrency - running.size)) {
      const work = deliver(world, delivery).finally(() => {
        running.delete(delivery.id);
        wake();
      });
      running.set(delivery.id, work);
    }
    const next = Math.min(
      ...pending.filter(({ nextAt }) => nextAt > world.realNow()).map(({ nextAt }) => nextAt),
    );
    if (Number.isFinite(next)) timer = setTimeout(wake, Math.min(next - world.realNow(), 60_000)).unref();
  }

  return {
    wake,
    async settled() {
      wake();
      while (running.size > 0) {
        await Promise.all(running.values());
        wake();
      }
    },
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await Promise.all(running.values());
    },
  };
}

function waitingOf(world: World): Delivery[] {
  const waiting: Delivery[] = [];
  for (const id of world.undelivered) {
    const delivery = world.store.get("delivery", id);
    // Gone are those of a request that was taken back.
    if (delivery?.status === "pending") waiting.push(delivery);
    else world.undelivered.delete(id);
  }
  return waiting;
}

async function deliver(world: World, delivery: Delivery): Promise<void> {
  const event = world.store.get("event", delivery.event);
  const endpoint = world.store.get("webhook_endpoint", delivery.endpoint);
  if (!event || !endpoint) {
    world.store.transact(() =>
      world.store.put("delivery", { ...delivery, status: "failed", lastError: "gone" }),
    );
    return;
  }
  const payload = JSON.stringify(event, null, 2);
  const outcome = await post(
    endpoint.url,
    payload,
    signatureOf(payload, endpoint.secret ?? "", world.realNow()),
  );
  world.store.transact(() => note(world, delivery.id, outcome));
}

type Outcome = { status: number | null; error: string | null };

async function post(url: string, body: string, signature: string): Promise<Outcome> {
  try {
    const response = await fetch(url, {
      method: "POST",
      body,
      headers: {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
        "Stripe-Signature": signature,
      },
      redirect: "manual",
      signal: AbortSignal.timeout(patienceMs),
    });
    await response.arrayBuffer();
    return { status: response.status, error: response.ok ? null : `HTTP ${response.status}` };
  } catch (error) {
    return { status: null, error: error instanceof Error ? error.message : String(error) };
  }
}

function note(world: World, id: string, { status, error }: Outcome): void {
  const delivery = world.store.get("delivery", id);
  if (!delivery) return;
  const attempts = delivery.attempts + 1;
  const pause = pauses[attempts - 1];
  const isOver = error === null || pause === undefined;
  world.store.put("delivery", {
    ...delivery,
    attempts,
    status: error === null ? "delivered" : isOver ? "failed" : "pending",
    nextAt: world.realNow() + (pause ?? 0),
    lastStatus: status,
    lastError: error,
  });
  const event = world.store.get("event", delivery.event);
  if (event && error === null) {
    world.store.put("event", { ...event, pending_webhooks: Math.max(0, event.pending_webhooks - 1) });
  }
}

/** The Stripe-Signature header of a payload sent at `now` (ms). */
export function signatureOf(payload: string, secret: string, now: number): string {
  const at = Math.floor(now / 1000);
  const v1 = createHmac("sha256", secret).update(`${at}.${payload}`).digest("hex");
  return `t=${at},v1=${v1}`;
}
