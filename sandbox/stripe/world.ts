import { createHash } from "node:crypto";
import { noSuch } from "./failure";
import type { Delivery, EventType, Kind, Records, StripeEvent } from "./records";
import type { Store } from "./store";
import { apiVersion } from "./version";

/** What every operation works on: the records, the clocks, the source of ids, and the events it causes. */

export type Reaction = (world: World, object: object) => void;

export type WorldOptions = {
  store: Store;
  /** The real time in ms. */
  now: () => number;
  /** Where the sandbox is reached, for the addresses of its pages. */
  url: () => string;
  /** Told after a commit that deliveries may wait. */
  onEvent: () => void;
};

export class World {
  readonly store: Store;
  readonly url: () => string;
  readonly realNow: () => number;
  /** The request being carried out, as events name it. */
  request: StripeEvent["request"] = { id: null, idempotency_key: null };
  /** Set on demand: events made now wait until they are let go. */
  holding = false;
  /** Deliveries that may still have to be made; looked up, as most of all there ever were are done. */
  readonly undelivered: Set<string>;
  private readonly onEvent: () => void;
  private readonly reactions = new Map<EventType, Reaction[]>();
  /** While a clock is being advanced, the moment it has reached. */
  private moments = new Map<string, number>();

  constructor({ store, now, url, onEvent }: WorldOptions) {
    this.store = store;
    this.realNow = now;
    this.url = url;
    this.onEvent = onEvent;
    const waiting = store.all("delivery").filter(({ status }) => status === "pending");
    this.undelivered = new Set(waiting.map(({ id }) => id));
  }

  /** Now, in seconds, by a test clock or by the main one. */
  now(clock: string | null = null): number {
    const moment = this.moments.get(clock ?? "main");
    if (moment !== undefined) return moment;
    if (clock) return this.require("test_helpers.test_clock", clock, "test_clock").frozen_time;
    return Math.floor(this.realNow() / 1000) + (this.store.get("counter", "lead")?.value ?? 0);
  }

  /** Runs `work` as if it were that moment (in seconds) by the clock. */
  at<T>(clock: string | null, moment: number, work: () => T): T {
    const before = new Map(this.moments);
    this.moments.set(clock ?? "main", moment);
    try {
      return work();
    } finally {
      this.moments = before;
    }
  }

  /** Now by the clock that a customer lives by. */
  nowFor(customer: string | null): number {
    return this.now(this.clockOf(customer));
  }

  clockOf(customer: string | null): string | null {
    const clock = customer ? this.store.get("customer", customer)?.test_clock : null;
    return typeof clock === "string" ? clock : null;
  }

  /** An id of Stripe's shape: the same sandbox, asked the same, gives the same ids. */
  newId(prefix: string, length = 24): string {
    const value = (this.store.get("counter", "ids")?.value ?? 0) + 1;
    this.store.put("counter", { id: "ids", value });
    const seed = this.store.get("secret", "seed")?.value ?? "";
    return `${prefix}_${base62(createHash("sha256").update(`${seed}:${prefix}:${value}`).digest()).slice(0, length)}`;
  }

  /** The record, or Stripe's error. @param param the parameter that named it; `id` for the address */
  require<K extends Kind>(kind: K, id: string, param = "id"): Records[K] {
    const found = this.store.get(kind, id);
    if (!found) throw noSuch(nounOf(kind), id, param);
    return found;
  }

  /** Records an event, queues it for the endpoints that want it, and lets the other objects react. */
  emit(type: EventType, object: object, previous?: object): void {
    const clock = clockOfObject(this, object);
    const event = this.store.put("event", {
      id: this.newId("evt"),
      object: "event",
      api_version: apiVersion,
      created: this.now(clock),
      data: { object, ...(previous ? { previous_attributes: previous } : {}) },
      livemode: false,
      pending_webhooks: 0,
      request: this.request,
      type,
    });
    const wanted = this.store
      .all("webhook_endpoint")
      .filter(
        ({ status, enabled_events }) =>
          status === "enabled" && (enabled_events.includes("*") || enabled_events.includes(type)),
      );
    for (const { id } of wanted) this.queue(event.id, id);
    if (wanted.length > 0) this.store.put("event", { ...event, pending_webhooks: wanted.length });
    for (const react of this.reactions.get(type) ?? []) react(this, object);
  }

  /** Queues an event for an endpoint. */
  queue(event: string, endpoint: string): Delivery {
    const delivery = this.store.put("delivery", {
      id: this.newId("dlv"),
      event,
      endpoint,
      status: this.holding ? "held" : "pending",
      attempts: 0,
      nextAt: this.realNow(),
      lastStatus: null,
      lastError: null,
    });
    this.undelivered.add(delivery.id);
    this.onEvent();
    return delivery;
  }

  /** Calls `react` with the object of each event of these types, within the transaction that causes it. */
  on(types: EventType[], react: Reaction): void {
    for (const type of types) this.reactions.set(type, [...(this.reactions.get(type) ?? []), react]);
  }
}

/** The clock an object lives by: its own, or its customer's. */
function clockOfObject(world: World, object: object): string | null {
  const facts = new Map<string, unknown>(Object.entries(object));
  const clock = facts.get("test_clock");
  if (typeof clock === "string") return clock;
  const customer = facts.get("customer");
  return world.clockOf(typeof customer === "string" ? customer : null);
}

const letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

function base62(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => letters[byte % letters.length]).join("");
}

/** The noun of Stripe's messages: "No such customer", "No such checkout.session". */
function nounOf(kind: Kind): string {
  const nouns: Partial<Record<Kind, string>> = {
    payment_method: "PaymentMethod",
    "test_helpers.test_clock": "test clock",
  };
  return nouns[kind] ?? kind;
}

/** What an event says has changed: the old values of the top-level fields that differ. */
export function previousOf(before: object, after: object): object {
  const now = new Map(Object.entries(after));
  return Object.fromEntries(
    Object.entries(before).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(now.get(name))),
  );
}
