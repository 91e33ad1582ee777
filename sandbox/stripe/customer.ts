import type Stripe from "stripe";
import { z } from "zod";
import { noSuch } from "./failure";
import { listOf, type Operation, operation } from "./operation";
import {
  address,
  clearable,
  created,
  defined,
  isWithin,
  mergeMetadata,
  metadata,
  pages,
  text,
  whole,
} from "./params";
import type { Deleted } from "./records";
import { previousOf, type World } from "./world";

const shipping = z.strictObject({ address, name: text, phone: z.string().optional() });
const changes = {
  address: clearable(address).optional(),
  balance: whole.optional(),
  description: clearable(text).optional(),
  email: clearable(text).optional(),
  invoice_prefix: text.optional(),
  invoice_settings: z
    .strictObject({ default_payment_method: clearable(text).optional(), footer: clearable(text).optional() })
    .optional(),
  metadata: metadata.optional(),
  name: clearable(text).optional(),
  phone: clearable(text).optional(),
  preferred_locales: clearable(z.array(text)).optional(),
  shipping: clearable(shipping).optional(),
  tax: z
    .strictObject({ ip_address: clearable(text).optional(), validate_location: z.string().optional() })
    .optional(),
  tax_exempt: clearable(z.enum(["none", "exempt", "reverse"])).optional(),
};
const creation = { ...changes, payment_method: text.optional(), test_clock: text.optional() };
type Creation = z.output<z.ZodObject<typeof creation>>;
type Changes = z.output<z.ZodObject<typeof changes>>;

export const customerOperations: Operation[] = [
  operation("POST", "/v1/customers", creation, (world, params) => createCustomer(world, params)),
  operation("GET", "/v1/customers/:id", {}, (world, _params, id) => findCustomer(world, id)),
  operation("POST", "/v1/customers/:id", changes, (world, params, id) => updateCustomer(world, id, params)),
  operation("DELETE", "/v1/customers/:id", {}, (world, _params, id) => deleteCustomer(world, id)),
  operation(
    "GET",
    "/v1/customers",
    { ...pages, ...created, email: text.optional(), test_clock: text.optional() },
    (world, { email, test_clock, created, ...paging }) =>
      listOf(
        world,
        "customer",
        paging,
        "/v1/customers",
        (customer) =>
          (email === undefined || customer.email === email) &&
          (test_clock === undefined ? !customer.test_clock : customer.test_clock === test_clock) &&
          isWithin(customer.created, created),
      ),
  ),
];

/** Makes a customer. */
export function createCustomer(world: World, params: Creation): Stripe.Customer {
  const clock = params.test_clock
    ? world.require("test_helpers.test_clock", params.test_clock, "test_clock").id
    : null;
  const id = world.newId("cus", 14);
  const customer: Stripe.Customer = {
    id,
    object: "customer",
    address: null,
    balance: 0,
    created: world.now(clock),
    currency: null,
    customer_account: null,
    default_source: null,
    delinquent: false,
    description: null,
    discount: null,
    email: null,
    invoice_prefix: id.slice(4, 12).toUpperCase(),
    invoice_settings: {
      custom_fields: null,
      default_payment_method: null,
      footer: null,
      rendering_options: null,
    },
    livemode: false,
    metadata: {},
    name: null,
    next_invoice_sequence: 1,
    phone: null,
    preferred_locales: [],
    shipping: null,
    tax_exempt: "none",
    test_clock: clock,
  };
  const made = world.store.put("customer", changed(world, customer, params));
  world.emit("customer.created", made);
  return made;
}

/** The customer. @throws StripeFailure also for a deleted one */
export function requireCustomer(world: World, id: string, param = "customer"): Stripe.Customer {
  return world.require("customer", id, param);
}

/** Replaces fields and tells of it. */
export function changeCustomer(world: World, id: string, fields: Partial<Stripe.Customer>): Stripe.Customer {
  const before = requireCustomer(world, id);
  const after = world.store.put("customer", { ...before, ...fields });
  const previous = previousOf(before, after);
  if (Object.keys(previous).length > 0) world.emit("customer.updated", after, previous);
  return after;
}

function findCustomer(world: World, id: string): Stripe.Customer | Deleted {
  const deleted = world.store.get("deleted", id);
  return deleted ?? requireCustomer(world, id, "id");
}

function updateCustomer(world: World, id: string, params: Changes): Stripe.Customer {
  return changeCustomer(world, id, changed(world, requireCustomer(world, id, "id"), params));
}

function deleteCustomer(world: World, id: string): Deleted {
  const customer = requireCustomer(world, id, "id");
  // Told first: those who react to it still find the customer.
  world.emit("customer.deleted", customer);
  world.store.remove("customer", id);
  return world.store.put("deleted", { id, object: "customer", deleted: true });
}

function changed(world: World, customer: Stripe.Customer, params: Changes): Stripe.Customer {
  const {
    tax: _,
    invoice_settings,
    metadata,
    address,
    shipping,
    preferred_locales,
    tax_exempt,
    ...plain
  } = params;
  const method = invoice_settings?.default_payment_method;
  if (method && world.store.get("payment_method", method)?.customer !== customer.id) {
    throw noSuch("PaymentMethod", method, "invoice_settings[default_payment_method]");
  }
  return {
    ...customer,
    ...defined(plain),
    ...(address === undefined ? {} : { address: address && wholeAddress(address) }),
    ...(shipping === undefined ? {} : { shipping: shipping && shippingOf(shipping) }),
    preferred_locales:
      preferred_locales === undefined ? (customer.preferred_locales ?? []) : (preferred_locales ?? []),
    tax_exempt: tax_exempt === undefined ? (customer.tax_exempt ?? "none") : (tax_exempt ?? "none"),
    invoice_settings: { ...customer.invoice_settings, ...defined(invoice_settings ?? {}) },
    metadata: mergeMetadata(customer.metadata, metadata),
  };
}

const shippingOf = ({ address, name, phone }: z.output<typeof shipping>): Stripe.Customer.Shipping => ({
  address: wholeAddress(address),
  name,
  phone: phone ?? null,
});

/** Stripe's addresses have every field. */
export function wholeAddress(given: z.output<typeof address>): Stripe.Address {
  const { city = null, country = null, line1 = null, line2 = null, postal_code = null, state = null } = given;
  return { city, country, line1, line2, postal_code, state };
}
