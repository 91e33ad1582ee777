import { randomUUID } from "node:crypto";
import { expect, it } from "vitest";
import { refusalOf, testSandbox } from "./test-client";

const t = testSandbox();
const aProduct = async () => (await t.stripe.products.create({ name: "Pro" })).id;

it("finds prices by lookup key, and moves a key only when told to", async () => {
  const product = await aProduct();
  const lookup_key = `pro_${randomUUID()}`;
  const terms = { product, currency: "usd", recurring: { interval: "month" as const }, lookup_key };
  const old = await t.stripe.prices.create({ ...terms, unit_amount: 1000 });
  expect(await refusalOf(t.stripe.prices.create({ ...terms, unit_amount: 1200 }))).toMatchObject({
    param: "lookup_key",
  });
  const price = await t.stripe.prices.create({ ...terms, unit_amount: 1200, transfer_lookup_key: true });
  const found = await t.stripe.prices.list({ lookup_keys: [lookup_key] });
  expect(found.data.map(({ id }) => id)).toEqual([price.id]);
  expect((await t.stripe.prices.retrieve(old.id)).lookup_key).toBeNull();
});

it("keeps an amount for each currency", async () => {
  const price = await t.stripe.prices.create({
    product: await aProduct(),
    currency: "usd",
    unit_amount: 1200,
    currency_options: { eur: { unit_amount: 1100 }, jpy: { unit_amount: 1800 } },
    expand: ["currency_options"],
  });
  expect(
    Object.fromEntries(
      Object.entries(price.currency_options ?? {}).map(([name, o]) => [name, o.unit_amount]),
    ),
  ).toEqual({
    eur: 1100,
    jpy: 1800,
    usd: 1200,
  });
  expect(price.unit_amount_decimal?.toString()).toBe("1200");
});

it("has no parameter that would edit an amount", async () => {
  const price = await t.stripe.prices.create({ product: await aProduct(), currency: "usd", unit_amount: 1 });
  const edit = { nickname: "Pro", unit_amount: 2 };
  expect(await refusalOf(t.stripe.prices.update(price.id, edit))).toMatchObject({
    code: "parameter_unknown",
  });
});
