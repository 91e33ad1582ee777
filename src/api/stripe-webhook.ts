import { receiveEvent } from "#billing";
import { newRouter } from "./router";

/** Where Stripe tells what happened. Signed, so without session, key or rate limit. */
export const stripeWebhook = newRouter().post("/", async (c) => {
  // The very bytes that were signed.
  const body = await c.req.text();
  const stored = await receiveEvent(body, c.req.header("stripe-signature"));
  return c.json({ received: true, repeated: !stored }, 200);
});
