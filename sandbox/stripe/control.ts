import type Stripe from "stripe";
import type { Behaviour } from "./card";
import { dueSessions } from "./checkout-session";
import type { Courier } from "./delivery";
import { closeDispute, openDispute } from "./dispute";
import { doNext, dueOf } from "./due";
import type { World } from "./world";

/**
 * What Stripe has no API for: time, banks and the network, in the hands of a test or of /dev/stripe.
 * Times are in seconds.
 */
export type Control = ReturnType<typeof controlOf>;

export type Coming = { at: number; what: string; subject: string };
export type WhenUnpaid = "cancel" | "unpaid" | "past_due";

/** Most things that one step forward may bring about; more is a loop. */
const mostSteps = 20_000;

export function controlOf(world: World, courier: Courier) {
  const { store } = world;
  return {
    /** Now by the main clock, or by a test clock. */
    now: (clock: string | null = null): number => world.now(clock),
    /** How many seconds the main clock leads the real time. */
    lead: (): number => store.get("counter", "lead")?.value ?? 0,
    /** What time will bring about up to then: the next of each. */
    coming: (until: number, clock: string | null = null): Coming[] =>
      dueOf(world, clock, [dueSessions])
        .filter(({ at }) => at <= until)
        .map(({ at, what, subject }) => ({ at, what, subject })),
    /**
     * Moves the main clock, which all customers without a test clock live by, forward to a moment. What falls
     * due happens at its time; `between` is awaited after each, when its events have been delivered.
     */
    async advance(
      to: number,
      between: (now: number) => Promise<void> = async () => undefined,
    ): Promise<Coming[]> {
      const done: Coming[] = [];
      for (let step = 0; step < mostSteps; step++) {
        const [next] = dueOf(world, null, [dueSessions]);
        if (!next || next.at > to) break;
        setLead(world, Math.max(next.at, world.now()));
        // The moment first, so that whoever is told of what happened then lives in it too.
        await between(world.now());
        doNext(world, null, world.now(), [dueSessions]);
        done.push({ at: next.at, what: next.what, subject: next.subject });
        await courier.settled();
      }
      setLead(world, Math.max(to, world.now()));
      await between(world.now());
      return done;
    },
    /** What the card's issuer does from now on; null is what its number says. */
    setCard(method: string, behaviour: Behaviour | null): void {
      const card = world.require("card", method);
      store.transact(() => store.put("card", { ...card, behaviour }));
    },
    openDispute: (charge: string, reason?: string): Stripe.Dispute =>
      store.transact(() => openDispute(world, charge, reason)),
    closeDispute: (id: string, outcome: "won" | "lost"): Stripe.Dispute =>
      store.transact(() => closeDispute(world, id, outcome)),
    /** What becomes of a subscription when the last attempt has failed. */
    whenUnpaid(value: WhenUnpaid): void {
      store.transact(() => store.put("secret", { id: "when_unpaid", value }));
    },
    /** From now on events wait. */
    holdEvents(): void {
      world.holding = true;
    },
    /** Lets the held events go: as they came, backwards, or in an order of one's own; each so many times. */
    releaseEvents({
      order = "same",
      times = 1,
    }: {
      order?: "same" | "reverse" | ((events: string[]) => string[]);
      times?: number;
    } = {}): void {
      world.holding = false;
      store.transact(() => {
        const held = store.all("delivery").filter(({ status }) => status === "held");
        for (const { id } of held) store.remove("delivery", id);
        const inOrder = (events: string[]) =>
          order === "same" ? events : order === "reverse" ? [...events].reverse() : order(events);
        const endpoints = new Set(held.map(({ endpoint }) => endpoint));
        for (const endpoint of endpoints) {
          const events = held.filter((delivery) => delivery.endpoint === endpoint).map(({ event }) => event);
          for (const event of inOrder(events))
            for (let time = 0; time < times; time++) world.queue(event, endpoint);
        }
      });
    },
    /** Sends an event again, so many times, to every endpoint that gets it. */
    resend(event: string, times = 1): void {
      const { type } = world.require("event", event);
      store.transact(() => {
        for (const { id, enabled_events } of store.all("webhook_endpoint")) {
          if (!enabled_events.includes("*") && !enabled_events.includes(type)) continue;
          for (let time = 0; time < times; time++) world.queue(event, id);
        }
      });
    },
    /** Tries every delivery that waits for another attempt now. */
    async retryNow(): Promise<void> {
      store.transact(() => {
        for (const delivery of store
          .all("delivery")
          .filter(({ status }) => status === "pending" || status === "failed")) {
          store.put("delivery", { ...delivery, status: "pending", nextAt: world.realNow() });
          world.undelivered.add(delivery.id);
        }
      });
      await courier.settled();
    },
    /** What there is, for those who show it. */
    look: () => ({
      store,
      isHolding: world.holding,
      now: world.now(),
      realNow: Math.floor(world.realNow() / 1000),
    }),
  };
}

/** Sets the main clock to a moment by how much it leads the real time. */
function setLead(world: World, to: number): void {
  const value = to - Math.floor(world.realNow() / 1000);
  world.store.transact(() => world.store.put("counter", { id: "lead", value }));
}
