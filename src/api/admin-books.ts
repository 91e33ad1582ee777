import { createRoute, z } from "@hono/zod-openapi";
import { currencies } from "#billing/catalogue";
import {
  type BookFilter,
  type BookLine,
  type BookName,
  bookKinds,
  bookNames,
  bookStates,
  eachLine,
  listBook,
  totalBook,
} from "#insight";
import { csvLine } from "#platform/csv";
import { sendCsv } from "./csv";
import { problems } from "./problem";
import { newRouter } from "./router";
import { pageOf, pageQuery, readTimeCursor, timeSchema, writeTimeCursor } from "./schemas";
import { needs } from "./staff";

/** What came in, was asked for, went back and is disputed, over all customers. */

const params = z.object({ book: z.enum(bookNames).openapi({ description: "Which of the four lists." }) });

const states = [...new Set(bookNames.flatMap((book) => bookStates[book]))];

const filterQuery = {
  state: z.enum(states).optional(),
  currency: z.enum(currencies).optional(),
  kind: z.enum(bookKinds).optional().openapi({ description: "What the invoice is for." }),
  customer: z.string().max(320).optional().openapi({
    description:
      "A mail address, an id of the user, account or Stripe's customer, an invoice's number or id.",
  }),
  from: timeSchema.optional(),
  to: timeSchema.optional().openapi({ description: "Before this time." }),
};
const filterSchema = z.object(filterQuery);

const amountSchema = z.int().openapi({ description: "In the currency's minor unit.", example: 1_200 });

const lineSchema = z
  .object({
    id: z.string().openapi({ description: "Stripe's: of the invoice, the refund or the dispute." }),
    invoiceId: z.string(),
    number: z.string().nullable().openapi({ description: "The invoice's number." }),
    customerId: z.string().nullable().openapi({ description: "The user who pays." }),
    customerMail: z.string().nullable(),
    accountId: z.string(),
    kind: z.enum(bookKinds),
    state: z.string(),
    currency: z.string(),
    amountCents: amountSchema,
    refundedCents: amountSchema.openapi({ description: "Paid back of it, or disputed and not won." }),
    reason: z.string().nullable().openapi({ description: "Why, of a refund or a dispute: Stripe's word." }),
    dueAt: timeSchema.nullable().openapi({ description: "Until when a dispute can be answered." }),
    at: timeSchema,
    stripeUrl: z.string().nullable().openapi({ description: "Its page in Stripe's dashboard; live mode." }),
  })
  .openapi("BookLine");

const totalSchema = z
  .object({
    currency: z.string(),
    count: z.int(),
    amountCents: amountSchema,
    refundedCents: amountSchema,
  })
  .openapi("BookTotal");

export type BookLineJson = z.infer<typeof lineSchema>;
export type BookTotalJson = z.infer<typeof totalSchema>;

const tags = ["Back office"];
const codes = ["unauthenticated", "forbidden", "not_found", "invalid_request"] as const;

const listRoute = createRoute({
  method: "get",
  path: "/admin/books/{book}",
  tags,
  summary: "Payments, invoices, refunds or disputes",
  description: "Newest first: payments by when they were paid, the others by when they were made.",
  ...needs("payments.read"),
  request: { params, query: z.object({ ...filterQuery, ...pageQuery }) },
  responses: {
    200: {
      description: "A page.",
      content: { "application/json": { schema: pageOf(lineSchema).openapi("BookPage") } },
    },
    ...problems(...codes),
  },
});

const totalsRoute = createRoute({
  method: "get",
  path: "/admin/books/{book}/totals",
  tags,
  summary: "What a filter comes to, by currency",
  ...needs("payments.read"),
  request: { params, query: filterSchema },
  responses: {
    200: {
      description: "A line for each currency.",
      content: { "application/json": { schema: pageOf(totalSchema).openapi("BookTotals") } },
    },
    ...problems(...codes),
  },
});

const csvRoute = createRoute({
  method: "get",
  path: "/admin/books/{book}/csv",
  tags,
  summary: "The list as CSV",
  description: "All lines of the filter, newest first. Amounts are in the currency's minor unit.",
  ...needs("payments.read"),
  request: { params, query: filterSchema },
  responses: {
    200: { description: "CSV, UTF-8.", content: { "text/csv": { schema: z.string() } } },
    ...problems(...codes),
  },
});

const cursorForm = /^\d{1,15} \w{1,100}$/;

export const booksOffice = newRouter()
  .openapi(listRoute, async (c) => {
    const { book } = c.req.valid("param");
    const { cursor, limit, ...query } = c.req.valid("query");
    const before = readTimeCursor(cursor, cursorForm);
    const { lines, next } = await listBook(book, bookFilter(query), { limit, before });
    const data = lines.map((line) => lineJson(book, line));
    return c.json({ data, nextCursor: writeTimeCursor(next) }, 200);
  })
  .openapi(totalsRoute, async (c) => {
    const data = await totalBook(c.req.valid("param").book, bookFilter(c.req.valid("query")));
    return c.json({ data, nextCursor: null }, 200);
  })
  .openapi(csvRoute, (c) => {
    const { book } = c.req.valid("param");
    return sendCsv(c, `${book}.csv`, csvLines(book, bookFilter(c.req.valid("query"))));
  });

function bookFilter({ from, to, ...rest }: z.infer<typeof filterSchema>): BookFilter {
  return { ...rest, from: from ? new Date(from) : undefined, to: to ? new Date(to) : undefined };
}

function lineJson(book: BookName, { live, at, dueAt, ...line }: BookLine): BookLineJson {
  return {
    ...line,
    ...{ at: at.toISOString(), dueAt: dueAt?.toISOString() ?? null },
    stripeUrl: live ? stripePage(book, line) : null,
  };
}

function stripePage(book: BookName, { id, invoiceId }: Pick<BookLine, "id" | "invoiceId">): string {
  const path = book === "disputes" ? `disputes/${id}` : `invoices/${invoiceId}`;
  return `https://dashboard.stripe.com/${path}`;
}

const columns = [
  ...["id", "invoice", "number", "customer", "customer_mail", "account", "kind", "state", "currency"],
  ...["amount_minor", "refunded_minor", "reason", "answer_by", "time"],
];

async function* csvLines(book: BookName, filter: BookFilter): AsyncGenerator<string> {
  yield csvLine(columns);
  for await (const line of eachLine(book, filter)) {
    yield csvLine([
      line.id,
      line.invoiceId,
      line.number ?? "",
      line.customerId ?? "",
      line.customerMail ?? "",
      line.accountId,
      line.kind,
      line.state,
      line.currency,
      `${line.amountCents}`,
      `${line.refundedCents}`,
      line.reason ?? "",
      line.dueAt?.toISOString() ?? "",
      line.at.toISOString(),
    ]);
  }
}
