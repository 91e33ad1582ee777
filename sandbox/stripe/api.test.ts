import { randomUUID } from "node:crypto";
import { expect, it } from "vitest";
import { clientOf, refusalOf, testSandbox } from "./test-client";
import { apiVersion } from "./version";

const t = testSandbox();

it("speaks the API version that the SDK pins and names each request", async () => {
  const { lastResponse } = await t.stripe.customers.create({ email: "ada@example.com" });
  expect(lastResponse.apiVersion).toBe(apiVersion);
  expect(lastResponse.requestId).toMatch(/^req_\w{14}$/);
});

it("refuses a key that is not its own", async () => {
  expect(await refusalOf(clientOf(t.sandbox, "sk_test_other").customers.list())).toMatchObject({
    type: "StripeAuthenticationError",
    statusCode: 401,
  });
});

it("refuses unknown parameters as Stripe refuses them, nested ones too", async () => {
  const odd = { email: "ada@example.com", colour: "red" };
  expect(await refusalOf(t.stripe.customers.create(odd))).toMatchObject({
    type: "StripeInvalidRequestError",
    code: "parameter_unknown",
    param: "colour",
    message: "Received unknown parameter: colour",
  });
  const nested = { address: { city: "London", planet: "Earth" } };
  expect(await refusalOf(t.stripe.customers.create(nested))).toMatchObject({
    code: "parameter_unknown",
    param: "address[planet]",
  });
});

it("says which parameter is missing, empty or no number", async () => {
  expect(await refusalOf(t.stripe.prices.create({ currency: "usd" }))).toMatchObject({ statusCode: 400 });
  expect(await refusalOf(t.stripe.products.create({ name: "" }))).toMatchObject({
    code: "parameter_invalid_empty",
  });
  expect(await refusalOf(t.stripe.customers.list({ limit: Number.NaN }))).toMatchObject({
    code: "parameter_invalid_integer",
    param: "limit",
  });
});

it("answers a repeated idempotency key with the first answer, and refuses it for another request", async () => {
  const idempotencyKey = randomUUID();
  const first = await t.stripe.customers.create({ name: "Ada" }, { idempotencyKey });
  const second = await t.stripe.customers.create({ name: "Ada" }, { idempotencyKey });
  expect(second.id).toBe(first.id);
  expect(second.lastResponse.headers["idempotent-replayed"]).toBe("true");
  expect(await refusalOf(t.stripe.customers.create({ name: "Bob" }, { idempotencyKey }))).toMatchObject({
    type: "StripeIdempotencyError",
  });
});

it("pages through lists, newest first, both ways", async () => {
  const stamp = randomUUID();
  const email = `${stamp}@example.com`;
  const made: string[] = [];
  for (let count = 0; count < 5; count++) made.unshift((await t.stripe.customers.create({ email })).id);
  const first = await t.stripe.customers.list({ email, limit: 2 });
  expect(first.data.map(({ id }) => id)).toEqual(made.slice(0, 2));
  expect(first.has_more).toBe(true);
  const all: string[] = [];
  for await (const customer of t.stripe.customers.list({ email, limit: 2 })) all.push(customer.id);
  expect(all).toEqual(made);
  const before = await t.stripe.customers.list({ email, limit: 2, ending_before: made[3] ?? "" });
  expect(before.data.map(({ id }) => id)).toEqual(made.slice(1, 3));
});

it("expands ids into objects, in lists too, and refuses what is no object", async () => {
  const product = await t.stripe.products.create({ name: "Pro" });
  const price = await t.stripe.prices.create({ product: product.id, currency: "usd", unit_amount: 1200 });
  const expanded = await t.stripe.prices.retrieve(price.id, { expand: ["product"] });
  expect(expanded.product).toMatchObject({ object: "product", name: "Pro" });
  const list = await t.stripe.prices.list({
    product: product.id,
    expand: ["data.product", "data.currency_options"],
  });
  expect(list.data[0]?.product).toMatchObject({ id: product.id });
  expect(list.data[0]?.currency_options?.usd?.unit_amount).toBe(1200);
  expect(await refusalOf(t.stripe.prices.retrieve(price.id, { expand: ["tomatoes"] }))).toMatchObject({
    statusCode: 400,
  });
});

it("tells that an object does not exist or was deleted", async () => {
  expect(await refusalOf(t.stripe.customers.retrieve("cus_none"))).toMatchObject({
    code: "resource_missing",
    statusCode: 404,
    message: "No such customer: 'cus_none'",
  });
  const { id } = await t.stripe.customers.create();
  await t.stripe.customers.del(id);
  expect(await t.stripe.customers.retrieve(id)).toMatchObject({ id, deleted: true });
});

it("says that an address is not served", async () => {
  expect(await refusalOf(t.stripe.payouts.list())).toMatchObject({ statusCode: 404 });
});
