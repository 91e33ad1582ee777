import Stripe from "stripe";
import { z } from "zod";
import { invalid } from "./failure";
import { listOf, type Operation, operation } from "./operation";
import {
  clearable,
  created,
  decimal,
  flag,
  isWithin,
  mergeMetadata,
  metadata,
  pages,
  text,
  whole,
} from "./params";
import { createProduct } from "./product";
import { previousOf, type World } from "./world";

const behavior = z.enum(["exclusive", "inclusive", "unspecified"]);
const amounts = z.strictObject({
  tax_behavior: behavior.optional(),
  unit_amount: whole.optional(),
  unit_amount_decimal: decimal.optional(),
});
const recurring = z.strictObject({
  interval: z.enum(["day", "week", "month", "year"]),
  interval_count: whole.optional(),
  trial_period_days: whole.optional(),
  usage_type: z.literal("licensed").optional(),
});
const creation = {
  active: flag.optional(),
  billing_scheme: z.literal("per_unit").optional(),
  currency: text,
  currency_options: z.record(z.string(), amounts).optional(),
  lookup_key: text.optional(),
  metadata: metadata.optional(),
  nickname: text.optional(),
  product: text.optional(),
  product_data: z
    .strictObject({
      active: flag.optional(),
      id: text.optional(),
      metadata: metadata.optional(),
      name: text,
      statement_descriptor: text.optional(),
      tax_code: text.optional(),
      unit_label: text.optional(),
    })
    .optional(),
  recurring: recurring.optional(),
  tax_behavior: behavior.optional(),
  transfer_lookup_key: flag.optional(),
  unit_amount: whole.optional(),
  unit_amount_decimal: decimal.optional(),
};
type Creation = z.output<z.ZodObject<typeof creation>>;
const changes = {
  active: flag.optional(),
  currency_options: clearable(z.record(z.string(), amounts)).optional(),
  lookup_key: clearable(text).optional(),
  metadata: metadata.optional(),
  nickname: clearable(text).optional(),
  tax_behavior: behavior.optional(),
  transfer_lookup_key: flag.optional(),
};
type Changes = z.output<z.ZodObject<typeof changes>>;

export const priceOperations: Operation[] = [
  operation("POST", "/v1/prices", creation, (world, params) => withoutOptions(createPrice(world, params))),
  operation("GET", "/v1/prices/:id", {}, (world, _params, id) => withoutOptions(world.require("price", id))),
  operation("POST", "/v1/prices/:id", changes, (world, params, id) =>
    withoutOptions(updatePrice(world, id, params)),
  ),
  operation(
    "GET",
    "/v1/prices",
    {
      ...pages,
      ...created,
      active: flag.optional(),
      currency: text.optional(),
      lookup_keys: z.array(text).max(10).optional(),
      product: text.optional(),
      recurring: z.strictObject({ interval: recurring.shape.interval.optional() }).optional(),
      type: z.enum(["one_time", "recurring"]).optional(),
    },
    (world, { active, currency, lookup_keys, product, recurring, type, created, ...paging }) => {
      const page = listOf(
        world,
        "price",
        paging,
        "/v1/prices",
        (price) =>
          (active === undefined || price.active === active) &&
          (currency === undefined || price.currency === currency) &&
          (lookup_keys === undefined ||
            (price.lookup_key !== null && lookup_keys.includes(price.lookup_key))) &&
          (product === undefined || price.product === product) &&
          (recurring?.interval === undefined || price.recurring?.interval === recurring.interval) &&
          (type === undefined || price.type === type) &&
          isWithin(price.created, created),
      );
      return { ...page, data: page.data.map(withoutOptions) };
    },
  ),
];

/** What a price leaves out unless it is asked for. */
export const priceIncludes = {
  "price.currency_options": (world: World, { id }: { id: string }) =>
    world.store.get("price", id)?.currency_options ?? null,
};

/** Makes a price. */
export function createPrice(world: World, params: Creation): Stripe.Price {
  const amount = amountOf(params, "unit_amount");
  const currency = params.currency.toLowerCase();
  const product = productOf(world, params);
  const price: Stripe.Price = {
    id: world.newId("price"),
    object: "price",
    active: params.active ?? true,
    billing_scheme: "per_unit",
    created: world.now(),
    currency,
    currency_options: optionsOf(currency, amount, params.tax_behavior, params.currency_options ?? {}),
    custom_unit_amount: null,
    livemode: false,
    lookup_key: claimKey(world, params.lookup_key, params.transfer_lookup_key),
    metadata: mergeMetadata({}, params.metadata),
    nickname: params.nickname ?? null,
    product,
    recurring: params.recurring ? recurringOf(params.recurring) : null,
    tax_behavior: params.tax_behavior ?? "unspecified",
    tiers_mode: null,
    transform_quantity: null,
    type: params.recurring ? "recurring" : "one_time",
    unit_amount: amount,
    unit_amount_decimal: Stripe.Decimal.from(amount),
  };
  const made = world.store.put("price", price);
  world.emit("price.created", withoutOptions(made));
  return made;
}

/** What one costs in a currency, in its minor unit. @throws StripeFailure when it is not sold in it */
export function unitAmount(price: Stripe.Price, currency: string): number {
  const amount = price.currency_options?.[currency]?.unit_amount;
  if (amount === undefined || amount === null) {
    throw invalid(
      `The price specified only supports \`${Object.keys(price.currency_options ?? {}).join("`, `")}\`. This doesn't match the expected currency: \`${currency}\`.`,
    );
  }
  return amount;
}

/** The price as it stands in other objects. */
export function withoutOptions(price: Stripe.Price): Stripe.Price {
  const { currency_options: _, ...rest } = price;
  return rest;
}

function updatePrice(world: World, id: string, params: Changes): Stripe.Price {
  const before = world.require("price", id);
  const { lookup_key, transfer_lookup_key, currency_options, metadata, ...plain } = params;
  const key =
    lookup_key === undefined || lookup_key === before.lookup_key
      ? before.lookup_key
      : claimKey(world, lookup_key ?? undefined, transfer_lookup_key);
  const after = world.store.put("price", {
    ...before,
    active: plain.active ?? before.active,
    nickname: plain.nickname === undefined ? before.nickname : plain.nickname,
    tax_behavior: plain.tax_behavior ?? before.tax_behavior,
    lookup_key: key,
    metadata: mergeMetadata(before.metadata, metadata),
    currency_options: {
      ...before.currency_options,
      ...optionsOf(before.currency, before.unit_amount ?? 0, undefined, currency_options ?? {}),
    },
  });
  world.emit("price.updated", withoutOptions(after), previousOf(before, after));
  return after;
}

/** A lookup key names one price; it moves to another only when that is asked for. */
function claimKey(world: World, key: string | undefined, transfer = false): string | null {
  if (key === undefined) return null;
  const holder = world.store.all("price").find((price) => price.lookup_key === key);
  if (holder && !transfer) {
    throw invalid(
      `A price (\`${holder.id}\`) already uses that lookup key. You can pass \`transfer_lookup_key=true\` to transfer it.`,
      { param: "lookup_key" },
    );
  }
  if (holder) {
    const after = world.store.put("price", { ...holder, lookup_key: null });
    world.emit("price.updated", withoutOptions(after), { lookup_key: key });
  }
  return key;
}

function productOf(world: World, { product, product_data }: Creation): string {
  if (product_data) return createProduct(world, product_data).id;
  if (!product) throw invalid("You must specify either `product` or `product_data` when creating a price.");
  return world.require("product", product, "product").id;
}

function amountOf({ unit_amount, unit_amount_decimal }: z.output<typeof amounts>, param: string): number {
  const amount = unit_amount ?? unit_amount_decimal;
  if (amount === undefined)
    throw invalid(`Missing required param: ${param}.`, { code: "parameter_missing", param });
  if (amount < 0 || !Number.isInteger(amount)) throw invalid(`Invalid non-negative integer`, { param });
  return amount;
}

function optionsOf(
  currency: string,
  amount: number,
  tax: Creation["tax_behavior"],
  others: Record<string, z.output<typeof amounts>>,
): Record<string, Stripe.Price.CurrencyOptions> {
  const option = (
    unit_amount: number,
    tax_behavior: Stripe.Price.TaxBehavior,
  ): Stripe.Price.CurrencyOptions => ({
    custom_unit_amount: null,
    tax_behavior,
    unit_amount,
    unit_amount_decimal: Stripe.Decimal.from(unit_amount),
  });
  return {
    ...Object.fromEntries(
      Object.entries(others).map(([name, given]) => [
        name.toLowerCase(),
        option(
          amountOf(given, `currency_options[${name}][unit_amount]`),
          given.tax_behavior ?? "unspecified",
        ),
      ]),
    ),
    [currency]: option(amount, tax ?? "unspecified"),
  };
}

const recurringOf = (given: z.output<typeof recurring>): Stripe.Price.Recurring => ({
  interval: given.interval,
  interval_count: given.interval_count ?? 1,
  meter: null,
  trial_period_days: given.trial_period_days ?? null,
  usage_type: "licensed",
});
