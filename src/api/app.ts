import { methodNotAllowed } from "hono/method-not-allowed";
import { admin } from "./admin";
import { announcements } from "./announcements";
import { auth } from "./auth";
import { balance } from "./balance";
import { billing } from "./billing";
import { identify } from "./caller";
import { continuations } from "./continuations";
import { cron } from "./cron";
import { developmentMails, developmentStripe } from "./development";
import { describeApi, docsFor } from "./docs";
import { entries } from "./entries";
import { events } from "./events";
import { externalIds } from "./external-ids";
import { flags } from "./flags";
import { answerHeaders, bodySize, crossOrigin, originRule, requestId, soundText } from "./guard";
import { health } from "./health";
import { keys } from "./keys";
import { you } from "./me";
import { metering } from "./metering";
import { onError, sendProblem } from "./problem";
import { prometheus } from "./prometheus";
import { redemptions } from "./redemptions";
import { reports } from "./reports";
import { newRouter } from "./router";
import { runs } from "./runs";
import { stripeWebhook } from "./stripe-webhook";
import { throttle, throttleOpen } from "./throttle";
import { toolCallbacks, toolFiles } from "./tool-servers";
import { tools } from "./tools";
import { traces } from "./traces";
import { countFeatures } from "./track";
import { unsubscribing } from "./unsubscribe";
import { uploads } from "./uploads";
import { readingOnly, viewing } from "./viewing";
import { visits } from "./visits";

const app = newRouter();
app.use(requestId, answerHeaders, crossOrigin);
app.use(
  methodNotAllowed({
    app,
    onMethodNotAllowed: (c, methods) =>
      sendProblem(c, "method_not_allowed", { allowed: methods.join(", ") }, { Allow: methods.join(", ") }),
  }),
);
app.use(throttleOpen, originRule, readingOnly, bodySize);
app.onError(onError);
app.notFound((c) => sendProblem(c, "not_found"));

const v1 = newRouter();
v1.use(identify, throttle, soundText, countFeatures);

const resources = app
  .route("/", health)
  .route("/api/auth", auth)
  .route("/api/dev/mails", developmentMails)
  .route("/api/dev/stripe", developmentStripe)
  .route("/api/webhooks/stripe", stripeWebhook)
  .route("/api/tool-callbacks", toolCallbacks)
  .route("/api/tool-files", toolFiles)
  .route("/api/cron", cron)
  .route("/api/visits", visits)
  .route("/api/metrics", prometheus)
  .route(
    "/api/v1",
    v1
      .route("/", you)
      .route("/", balance)
      .route("/", entries)
      .route("/", traces)
      .route("/", redemptions)
      .route("/", billing)
      .route("/", unsubscribing)
      .route("/", announcements)
      .route("/", flags)
      .route("/", metering)
      .route("/", externalIds)
      .route("/", keys)
      .route("/", tools)
      .route("/", runs)
      .route("/", reports)
      .route("/", continuations)
      .route("/", uploads)
      .route("/", events)
      .route("/", viewing)
      .route("/", admin),
  );

/** The whole HTTP API; everything under /api. */
export const api = resources.route(
  "/",
  docsFor(() => describeApi(resources)),
);
