import { randomBytes } from "node:crypto";
import type { AddressInfo } from "node:net";
import { serve } from "@hono/node-server";
import { Hono } from "hono";
import { stripeApi } from "./api";
import { challengePages } from "./challenge-page";
import { checkoutPages } from "./checkout-page";
import { dueSessions } from "./checkout-session";
import { type Control, controlOf } from "./control";
import { type Courier, startCourier } from "./delivery";
import { doNext } from "./due";
import { invoicePages } from "./invoice-page";
import { includes, operations, watchAll } from "./operations";
import { portalPages } from "./portal-page";
import { openStore } from "./store";
import { createEndpoint } from "./webhook-endpoint";
import { World } from "./world";

/**
 * A Stripe-compatible server for development and tests: the real SDK talks to it, customers pay on its pages
 * with test cards, and its events arrive signed. docs/stripe-sandbox.md says what it covers.
 */

export type SandboxOptions = {
  /** 0 for any free port. */
  port?: number;
  /** The journal that outlives the process; without it everything is forgotten. */
  file?: string;
  secretKey?: string;
  /** Where events go from the start, and the secret that signs them. */
  webhook?: { url: string; secret: string };
  /** The real time in ms. */
  now?: () => number;
  /** What ids are made of; by default chosen once for a file, and fixed without one. */
  seed?: string;
};

export type StripeSandbox = {
  /** `http://127.0.0.1:PORT`, for STRIPE_API_BASE. */
  url: string;
  secretKey: string;
  /** Time, banks and the network, which Stripe has no API for. */
  control: Control;
  /** Resolves when every event due has been delivered or refused. */
  settled(): Promise<void>;
  stop(): Promise<void>;
};

/** How often it looks whether something has fallen due. */
const tickMs = 1000;

/** Starts the server on loopback. */
export async function startStripeSandbox(options: SandboxOptions = {}): Promise<StripeSandbox> {
  const { port = 0, file = null, now = Date.now } = options;
  const secretKey = options.secretKey ?? "sk_test_sandbox";
  let url = "";
  let courier: Courier | null = null;
  const world = new World({
    store: openStore(file),
    now,
    url: () => url,
    // After the transaction that causes the event, which is synchronous.
    onEvent: () => queueMicrotask(() => courier?.wake()),
  });
  watchAll(world);
  world.store.transact(() => prepare(world, options));
  const app = new Hono();
  app.route("/", checkoutPages(world));
  app.route("/", challengePages(world));
  app.route("/", invoicePages(world));
  app.route("/", portalPages(world));
  app.route("/", stripeApi(world, operations, includes, secretKey));
  const server = serve({ fetch: app.fetch, port, hostname: "127.0.0.1" });
  // A kept connection closed at the moment it is used again loses a request that nobody repeats.
  if ("keepAliveTimeout" in server) server.keepAliveTimeout = 0;
  const address = await new Promise<AddressInfo>((resolve, reject) => {
    server.once("error", reject);
    server.once("listening", () => {
      const found = server.address();
      if (found && typeof found === "object") resolve(found);
    });
  });
  url = `http://127.0.0.1:${address.port}`;
  courier = startCourier(world);
  courier.wake();
  const running = courier;
  const catchUp = () => {
    while (doNext(world, null, world.now(), [dueSessions])) {
      // Each thing is a transaction of its own.
    }
  };
  catchUp();
  const ticker = setInterval(catchUp, tickMs).unref();
  return {
    url,
    secretKey,
    control: controlOf(world, running),
    settled: () => running.settled(),
    async stop() {
      clearInterval(ticker);
      await running.stop();
      await new Promise<void>((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        if ("closeAllConnections" in server) server.closeAllConnections();
      });
    },
  };
}

function prepare(world: World, { file, seed, webhook }: SandboxOptions): void {
  if (!world.store.get("secret", "seed")) {
    // A file that is lost must not give its ids to others afterwards.
    const value = seed ?? (file ? randomBytes(8).toString("hex") : "sandbox");
    world.store.put("secret", { id: "seed", value });
  }
  if (!webhook) return;
  const { url, secret } = webhook;
  const known = world.store.get("secret", "endpoint");
  const endpoint = known && world.store.get("webhook_endpoint", known.value);
  if (endpoint) world.store.put("webhook_endpoint", { ...endpoint, url, secret });
  else {
    const made = createEndpoint(world, { url, secret, enabled_events: ["*"] });
    world.store.put("secret", { id: "endpoint", value: made.id });
  }
}
