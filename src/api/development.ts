import { Hono } from "hono";
import { config } from "#platform/config";
import { Refusal } from "#platform/refusal";
import { newRouter } from "./router";

/**
 * What a development site has besides: its mailbox and its payments sandbox. In production these paths do
 * not exist, and the code behind them is not even loaded.
 */

export const developmentMails = developmentOnly(
  "/api/dev/mails",
  async () => (await import("#sandbox/mailbox")).mailbox,
);

export const developmentStripe = developmentOnly(
  "/api/dev/stripe",
  async () => (await import("#sandbox/stripe")).stripeConsole,
);

/** @param path where it is mounted */
function developmentOnly(path: string, load: () => Promise<Hono>) {
  let loaded: Promise<Hono> | undefined;
  return newRouter().all("/*", async (c) => {
    if (config().production) throw new Refusal("not_found");
    loaded ??= load().then((routes) => mounted(path, routes));
    return (await loaded).fetch(c.req.raw);
  });
}

/** Its refusals and faults are left to the API, which answers all of them alike. */
function mounted(path: string, routes: Hono): Hono {
  const router = new Hono().route(path, routes);
  router.notFound(() => {
    throw new Refusal("not_found");
  });
  router.onError((error) => {
    throw error;
  });
  return router;
}
