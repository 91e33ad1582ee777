import { createRoute, z } from "@hono/zod-openapi";
import { subscriptionStatuses } from "#billing/access";
import { roles } from "#identity";
import { type Customer, type CustomerFilter, eachCustomer, listCustomers } from "#insight";
import { csvLine } from "#platform/csv";
import { planIdSchema } from "./billing-schemas";
import { sendCsv } from "./csv";
import { customerFilter, filterQuery, filterSchema } from "./customer-filter";
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
