import { expect, it } from "vitest";
import { testDatabase, testFolder } from "#test";
import { readRoutes } from "./test-document";

testDatabase();
testFolder();

/** POST routes without an Idempotency-Key, each with why a repeat does no harm. */
const harmless: Record<string, string> = {
  "POST /api/cron/expire-credits": "what is done is due no more",
  "POST /api/cron/refill-credits": "what is done is due no more",
  "POST /api/v1/tools/{slug}/quote": "writes nothing",
  "POST /api/v1/billing/plan-change/preview": "writes nothing",
  "POST /api/v1/admin/customers/{id}/adjustments/preview": "writes nothing",
  "POST /api/v1/runs/{id}/cancel": "cancelling twice is cancelling once",
  "POST /api/v1/billing/cancel": "cancelling twice is cancelling once",
  "POST /api/v1/billing/resume": "resuming twice is resuming once",
  "POST /api/v1/billing/portal": "gives an address that expires by itself",
  "POST /api/v1/unsubscribe": "what has ended ends no further",
  "POST /api/v1/admin/staff": "sets a role: the second time it is set already",
  "POST /api/v1/admin/events/{id}/replay": "an event is done when it has been done, however often",
  "POST /api/v1/admin/reconciliations": "while one waits it is the answer, and another would only read again",
};

it("every POST takes an Idempotency-Key, or there is a reason why it need not", async () => {
  const posts = (await readRoutes()).filter(({ method }) => method === "POST");
  const without = posts.filter(
    ({ parameters }) =>
      !parameters.some((one) => one.in === "header" && one.name === "Idempotency-Key" && one.required),
  );
  expect(without.map(({ name }) => name).sort()).toEqual(Object.keys(harmless).sort());
});
