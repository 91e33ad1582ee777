import { createHash } from "node:crypto";
import type { Context, MiddlewareHandler } from "hono";
import { Hono } from "hono";
import { expandAll, type Includes } from "./expand";
import { invalid, StripeFailure } from "./failure";
import { type Form, parseForm } from "./form";
import type { Operation } from "./operation";
import { apiVersion } from "./version";
import type { World } from "./world";

/** Stripe's HTTP: who asks, in which version, whether it was asked before, and the answer or an error object. */

const rememberedMs = 24 * 3600 * 1000;

type Answer = { status: number; body: string; replayed?: boolean };

/** The API under /v1. @param secretKey the one key it takes */
export function stripeApi(
  world: World,
  operations: Operation[],
  includes: Includes,
  secretKey: string,
): Hono {
  const app = new Hono();
  if (secretKey.startsWith("sk_live_")) app.use(asLiveMode);
  for (const operation of operations) {
    app.on(operation.method, operation.path, async (c) => {
      const sent = operation.method === "POST" ? await c.req.text() : new URL(c.req.url).search.slice(1);
      return respond(c, world, () => {
        authenticate(c, secretKey);
        const ids = [...operation.path.matchAll(/:(\w+)/g)].map(([, name]) => c.req.param(name ?? "") ?? "");
        return answerOnce(c, world, sent, () => perform(world, operation, includes, parseForm(sent), ids));
      });
    });
  }
  app.all("*", (c) =>
    respond(c, world, () => {
      authenticate(c, secretKey);
      const { method, path } = c.req;
      throw new StripeFailure(404, {
        type: "invalid_request_error",
        message: `Unrecognized request URL (${method}: ${path}). The sandbox serves what docs/stripe-sandbox.md lists.`,
      });
    }),
  );
  return app;
}

/** With a key of live mode, so that it can be tried what a site does that gets such keys. */
const asLiveMode: MiddlewareHandler = async (c, next) => {
  await next();
  const body = (await c.res.text()).replaceAll('"livemode": false', '"livemode": true');
  c.res = new Response(body, c.res);
};

function perform(world: World, operation: Operation, includes: Includes, form: Form, ids: string[]): Answer {
  const answer = operation.run(world, form, ids);
  const paths = Array.isArray(form.expand) ? form.expand.filter((path) => typeof path === "string") : [];
  return { status: 200, body: JSON.stringify(expandAll(world, includes, answer, paths), null, 2) };
}

/** A key repeats the first answer; with other parameters it is refused. */
function answerOnce(c: Context, world: World, sent: string, work: () => Answer): Answer {
  const key = c.req.method === "POST" ? c.req.header("idempotency-key") : undefined;
  if (!key) return work();
  const request = createHash("sha256").update(`${c.req.method} ${c.req.path}\n${sent}`).digest("hex");
  const known = world.store.get("answer", key);
  if (known && world.realNow() - known.at < rememberedMs) {
    if (known.request !== request) {
      throw new StripeFailure(400, {
        type: "idempotency_error",
        message: `Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '${key}' if you meant to execute a different request.`,
      });
    }
    return { status: known.status, body: known.body, replayed: true };
  }
  const remember = (answer: Answer) => {
    world.store.put("answer", { id: key, request, at: world.realNow(), ...answer });
    return answer;
  };
  try {
    return remember(work());
  } catch (error) {
    // A declined card is an answer too: asking again with the same key must not charge.
    if (error instanceof StripeFailure && error.keep) remember(failed(error));
    throw error;
  }
}

function respond(c: Context, world: World, work: () => Answer): Response {
  const answer = world.store.transact(() => {
    const requestId = world.newId("req", 14);
    c.header("Request-Id", requestId);
    world.request = { id: requestId, idempotency_key: c.req.header("idempotency-key") ?? null };
    try {
      return world.store.transact(work, (error) => error instanceof StripeFailure && error.keep);
    } catch (error) {
      if (error instanceof StripeFailure) return failed(error);
      throw error;
    } finally {
      world.request = { id: null, idempotency_key: null };
    }
  });
  c.header("Stripe-Version", c.req.header("stripe-version") ?? apiVersion);
  const key = c.req.header("idempotency-key");
  if (key) c.header("Idempotency-Key", key);
  if (answer.replayed) c.header("Idempotent-Replayed", "true");
  c.header("Content-Type", "application/json");
  return c.body(answer.body, { status: statusOf(answer.status) });
}

const failed = ({ status, body }: StripeFailure): Answer => ({
  status,
  body: JSON.stringify({ error: body }, null, 2),
});

const statusOf = (status: number) =>
  ([200, 400, 401, 402, 404] as const).find((known) => known === status) ?? 500;

/** The key as a bearer, or as the user name of basic authentication; the API version, if it is the SDK's. */
function authenticate(c: Context, secretKey: string): void {
  const [scheme, value = ""] = (c.req.header("authorization") ?? "").split(" ");
  const key = scheme === "Basic" ? (Buffer.from(value, "base64").toString().split(":")[0] ?? "") : value;
  if (key === "") {
    throw new StripeFailure(401, {
      type: "invalid_request_error",
      message:
        "You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY').",
    });
  }
  if (key !== secretKey) {
    throw new StripeFailure(401, {
      type: "invalid_request_error",
      message: `Invalid API Key provided: ${key.slice(0, 8)}${"*".repeat(8)}${key.slice(-4)}`,
    });
  }
  const version = c.req.header("stripe-version");
  if (version && version !== apiVersion) {
    throw invalid(`The sandbox speaks API version ${apiVersion} only, not ${version}.`);
  }
}
