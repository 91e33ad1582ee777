import { expect, it } from "vitest";
import { testDatabase, testFolder } from "#test";
import { readRoutes } from "./test-document";

testDatabase();
testFolder();

/** POST routes without an Idempotency-Key, each with why a repeat does no harm. */
const harmless: Record<string, string> = {
  "POST /api/cron/expire-credits": "what is done is due no more",
  "POST /api/cron/refill-credits": "what is done is due no more",
  "POST /api/v1/admin/announcements/preview": "writes nothing",
  "POST /api/v1/admin/catalogue/draft/discard": "what was discarded is gone",
  "POST /api/v1/admin/catalogue/publish": "names the edition it was made from: the second finds another",
  "POST /api/v1/admin/catalogue/sync": "prices are found by their lookup key",
  "POST /api/v1/admin/customer-views": "no money; two alike stand side by side, and one is deleted",
  "POST /api/v1/admin/customers/{id}/adjustments/preview": "writes nothing",
  "POST /api/v1/admin/customers/{id}/invoices/{invoice}/refunds/preview": "writes nothing",
  "POST /api/v1/admin/customers/{id}/notes": "no money; two alike stand side by side, and one is deleted",
  "POST /api/v1/admin/customers/{id}/subscription/preview": "writes nothing",
  "POST /api/v1/admin/events/replays": "an event is done when it has been done, however often",
  "POST /api/v1/admin/events/{id}/replay": "an event is done when it has been done, however often",
  "POST /api/v1/admin/gifts/preview": "writes nothing",
  "POST /api/v1/admin/incidents": "no money; two alike stand side by side, and one is resolved",
  "POST /api/v1/admin/incidents/{id}/updates": "no money; the same words stand twice",
  "POST /api/v1/admin/jobs/{id}/discard": "what is gone is not there to be discarded",
  "POST /api/v1/admin/jobs/{id}/retry": "a job that waits is only moved to now",
  "POST /api/v1/admin/mails/{id}/resend": "only a mail that was given up is sent, and then it waits",
  "POST /api/v1/admin/providers": "no money; two alike stand side by side, and one is archived",
  "POST /api/v1/admin/providers/test": "one that answers rests no more, however often it is tested",
  "POST /api/v1/admin/providers/{id}/models": "no money; two alike stand side by side, and one is archived",
  "POST /api/v1/admin/reconciliations": "while one waits it is the answer, and another would only read again",
  "POST /api/v1/admin/reports/{id}/decide": "the second is told that it is decided",
  "POST /api/v1/admin/reports/{id}/look": "each look stands in the audit log",
  "POST /api/v1/admin/safety/try": "writes nothing",
  "POST /api/v1/admin/staff": "sets a role: the second time it is set already",
  "POST /api/v1/admin/tools": "a name is taken once",
  "POST /api/v1/admin/tools/check": "writes nothing",
  "POST /api/v1/admin/tools/{slug}/move": "the place is where it is already",
  "POST /api/v1/admin/tools/{slug}/publish": "names the revision it was made from: the second finds another",
  "POST /api/v1/admin/tools/{slug}/restore": "names the revision it was made from: the second finds another",
  "POST /api/v1/admin/tools/{slug}/secret": "names the secret that was seen: the second finds another",
  "POST /api/v1/admin/tools/{slug}/simulation": "writes nothing",
  "POST /api/v1/admin/tools/{slug}/switch": "off twice is off",
  "POST /api/v1/admin/tools/{slug}/trials/quote": "writes nothing",
  "POST /api/v1/admin/welcomes/decide": "each welcome is decided, and given, once",
  "POST /api/v1/billing/cancel": "cancelling twice is cancelling once",
  "POST /api/v1/billing/plan-change/preview": "writes nothing",
  "POST /api/v1/billing/portal": "gives an address that expires by itself",
  "POST /api/v1/billing/resume": "resuming twice is resuming once",
  "POST /api/v1/me/announcements/read": "what is read is read",
  "POST /api/v1/me/announcements/{id}/dismiss": "what is gone is gone",
  "POST /api/v1/runs/{id}/cancel": "cancelling twice is cancelling once",
  "POST /api/v1/runs/{id}/continuations/quote": "writes nothing",
  "POST /api/v1/runs/{id}/report": "a run is reported once by each person",
  "POST /api/v1/tools/{slug}/quote": "writes nothing",
  "POST /api/v1/unsubscribe": "what has ended ends no further",
};

it("every POST takes an Idempotency-Key, or there is a reason why it need not", async () => {
  const posts = (await readRoutes()).filter(({ method }) => method === "POST");
  const without = posts.filter(
    ({ parameters }) =>
      !parameters.some((one) => one.in === "header" && one.name === "Idempotency-Key" && one.required),
  );
  expect(without.map(({ name }) => name).sort()).toEqual(Object.keys(harmless).sort());
});
