import { handleAuth } from "#identity";
import { config } from "#platform/config";
import { Refusal } from "#platform/refusal";
import { mailbox } from "#sandbox/mailbox";
import { addressOfCaller } from "./caller";
import { newRouter } from "./router";

/** Signing up, in and out and the like: identity's own endpoints. */
export const auth = newRouter().all("/*", (c) => handleAuth(c.req.raw, addressOfCaller(c)));

/** The mailbox of a development site; it does not exist in production. */
export const developmentMails = newRouter()
  .use(async (_c, next) => {
    if (config().production) throw new Refusal("not_found");
    await next();
  })
  .route("/", mailbox);
