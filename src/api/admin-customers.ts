import { createRoute, z } from "@hono/zod-openapi";
import { subscriptionStatuses } from "#billing/access";
import { roles } from "#identity";
import {
  type Customer,
  type CustomerFilter,
  eachCustomer,
  filterFlags,
  filterStatuses,
  listCustomers,
} from "#insight";
import { planIdSchema } from "./billing-schemas";
import { csvLine, sendCsv } from "./csv";
import { problems } from "./problem";
import { newRouter } from "./router";
import {
  creditsJson,
  creditsSchema,
  pageOf,
  pageQuery,
  readCursor,
  timeSchema,
  writeCursor,
} from "./schemas";
import { needs } from "./staff";

/** Customers, found by what somebody has of them. */

const filterQuery = {
  query: z.string().max(320).optional().openapi({
    description:
      "The beginning of a mail address or name; an id of the user, the account, a run or a key; Stripe's id of the customer, a subscription, an invoice or a checkout; an invoice's number; a key's secret or what is shown of it; or your own name for the account.",
  }),
  plan: planIdSchema.optional().openapi({
    description: "Subscribed to this plan, whether it is paid or not; `free`: to none.",
  }),
  status: z.enum(filterStatuses).optional().openapi({
    description: "How the subscription stands; `canceled`: they had one, and have none now.",
  }),
  flag: z.enum(filterFlags).optional().openapi({
    description:
      "Why somebody should look at the account. `past_due`: an invoice of the subscription is due.",
  }),
  paid: z.enum(["yes", "no"]).optional().openapi({ description: "Whether an invoice was ever paid." }),
  balanceBelow: z.coerce.number().int().min(0).max(1_000_000_000).optional().openapi({
    description: "Can spend fewer credits than this.",
  }),
  verified: z.enum(["yes", "no"]).optional().openapi({ description: "Whether the address is confirmed." }),
  from: timeSchema.optional().openapi({ description: "Signed up from this time on." }),
  to: timeSchema.optional().openapi({ description: "Signed up before this time." }),
};
const filterSchema = z.object(filterQuery);

const customerSchema = z
  .object({
    id: z.string(),
    accountId: z.string().nullable(),
    name: z.string(),
    email: z.string(),
    emailVerified: z.boolean(),
    role: z.enum(roles),
    createdAt: timeSchema,
    available: creditsSchema,
    held: creditsSchema,
    plan: planIdSchema.nullable().openapi({ description: "Their subscription's, paid or not." }),
    status: z.enum(subscriptionStatuses).nullable(),
    flag: z.enum(["refund", "dispute"]).nullable(),
    suspended: z.boolean(),
  })
  .openapi("Customer");

export type CustomerJson = z.infer<typeof customerSchema>;

const listRoute = createRoute({
  method: "get",
  path: "/admin/customers",
  tags: ["Back office"],
  summary: "Customers",
  description: "The newest first.",
  ...needs("customers.read"),
  request: { query: z.object({ ...filterQuery, ...pageQuery }) },
  responses: {
    200: {
      description: "A page of them.",
      content: { "application/json": { schema: pageOf(customerSchema).openapi("CustomerPage") } },
    },
    ...problems("unauthenticated", "forbidden", "not_found", "invalid_request"),
  },
});

const csvRoute = createRoute({
  method: "get",
  path: "/admin/customers.csv",
  tags: ["Back office"],
  summary: "Customers as CSV",
  description: "All of the filter, the newest first.",
  ...needs("customers.read"),
  request: { query: filterSchema },
  responses: {
    200: { description: "CSV, UTF-8.", content: { "text/csv": { schema: z.string() } } },
    ...problems("unauthenticated", "forbidden", "not_found", "invalid_request"),
  },
});

export const customers = newRouter()
  .openapi(listRoute, async (c) => {
    const { cursor, limit, ...query } = c.req.valid("query");
    const [micros, id] = readCursor(cursor, /^\d{1,17} usr_[0-9a-z]{26}$/)?.split(" ") ?? [];
    const before = micros && id ? { micros: BigInt(micros), id } : undefined;
    const page = await listCustomers(customerFilter(query), { limit, before });
    const next = page.next && `${page.next.micros} ${page.next.id}`;
    return c.json({ data: page.customers.map(customerJson), nextCursor: writeCursor(next) }, 200);
  })
  .openapi(csvRoute, (c) => sendCsv(c, "customers.csv", customerLines(customerFilter(c.req.valid("query")))));

function customerFilter({
  verified,
  paid,
  from,
  to,
  ...filter
}: z.infer<typeof filterSchema>): CustomerFilter {
  return {
    ...filter,
    verified: verified && verified === "yes",
    paid: paid && paid === "yes",
    from: from ? new Date(from) : undefined,
    to: to ? new Date(to) : undefined,
  };
}

function customerJson({
  locale: _,
  timeZone: __,
  createdAt,
  available,
  held,
  ...customer
}: Customer): CustomerJson {
  return {
    ...customer,
    createdAt: createdAt.toISOString(),
    available: creditsJson(available),
    held: creditsJson(held),
  };
}

const rest = ["plan", "subscription", "flag", "suspended", "signed_up", "available", "on_hold"];

async function* customerLines(filter: CustomerFilter): AsyncGenerator<string> {
  yield csvLine(["id", "account", "name", "mail", "confirmed", "role", ...rest]);
  for await (const customer of eachCustomer(filter)) {
    yield csvLine([
      customer.id,
      customer.accountId ?? "",
      customer.name,
      customer.email,
      customer.emailVerified ? "yes" : "no",
      customer.role,
      customer.plan ?? "free",
      customer.status ?? "",
      customer.flag ?? "",
      customer.suspended ? "yes" : "no",
      customer.createdAt.toISOString(),
      `${customer.available}`,
      `${customer.held}`,
    ]);
  }
}
