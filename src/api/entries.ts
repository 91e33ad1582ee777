import { createRoute, z } from "@hono/zod-openapi";
import { type Entry, type EntryFilter, listEntries, sumEntries, usageByDay } from "#ledger";
import { csvLine } from "#platform/csv";
import { db } from "#platform/db";
import { isTimeZone } from "#platform/time-zone";
import { referenceSchema, sources } from "./balance";
import { accountCodes, accountRequest, requireAccount } from "./caller";
import { sendCsv } from "./csv";
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

/** The journal of an account's credits, its sums, and what was used per day. */

const kinds = ["issued", "consumed", "expired", "reversed"] as const;

const filterQuery = {
  kind: z.enum(kinds).optional(),
  tool: z.string().max(64).optional().openapi({ description: "A tool's slug: entries of its runs." }),
  key: z
    .string()
    .regex(/^key_[0-9a-z]{26}$/, "an API key's id")
    .optional()
    .openapi({ description: "What this API key spent." }),
  from: timeSchema.optional().openapi({ description: "From this time on." }),
  to: timeSchema.optional().openapi({ description: "Before this time." }),
};
const filterSchema = z.object(filterQuery);

export const entrySchema = z
  .object({
    seq: z.int().openapi({ description: "Counted on the account from 1, without gaps." }),
    kind: z.enum(kinds),
    credits: creditsSchema.openapi({ description: "Signed: issued adds, the others take." }),
    totalAfter: creditsSchema.openapi({ description: "Available and held together, after it." }),
    source: z.enum(sources).openapi({ description: "Where the lot's credits came from." }),
    grantId: z.string().openapi({ description: "The lot." }),
    cause: z.string().openapi({ description: "Why: `tool:` and the tool's slug for a run." }),
    reference: referenceSchema,
    key: z.string().nullable().openapi({ description: "The API key that spent it." }),
    createdAt: timeSchema,
  })
  .openapi("Entry");

const entryPage = pageOf(entrySchema).openapi("EntryPage");

const sumsSchema = z
  .object({
    count: z.int(),
    issued: creditsSchema,
    consumed: creditsSchema,
    expired: creditsSchema,
    reversed: creditsSchema,
    net: creditsSchema.openapi({ description: "All of them; without a filter, the balance's total." }),
  })
  .openapi("EntrySums", { description: "Signed like the entries." });

const usageSchema = z
  .object({
    timeZone: z.string(),
    data: z.array(
      z.object({
        day: z.iso.date(),
        tool: z.string().nullable().openapi({ description: "Null: used by no tool." }),
        credits: creditsSchema,
      }),
    ),
  })
  .openapi("Usage");

export type EntryJson = z.infer<typeof entrySchema>;
export type EntrySumsJson = z.infer<typeof sumsSchema>;
export type UsageJson = z.infer<typeof usageSchema>;

export function entryJson(entry: Entry): EntryJson {
  const { kind, source, grantId, cause, reference } = entry;
  return {
    ...{ seq: Number(entry.seq), kind, source, grantId, cause, reference },
    credits: creditsJson(entry.credits),
    totalAfter: creditsJson(entry.totalAfter),
    key: entry.apiKeyId,
    createdAt: entry.createdAt.toISOString(),
  };
}

function entryFilter({ kind, tool, key, from, to }: z.infer<typeof filterSchema>): EntryFilter {
  return {
    ...(kind && { kinds: [kind] }),
    ...(tool !== undefined && { cause: `tool:${tool}` }),
    ...(key !== undefined && { apiKeyId: `key_${key.slice("key_".length)}` as const }),
    ...(from !== undefined && { from: new Date(from) }),
    ...(to !== undefined && { to: new Date(to) }),
  };
}

const listRoute = createRoute({
  method: "get",
  path: "/entries",
  tags: ["Credits"],
  summary: "Your credit entries",
  description: "Every credit that came or went, newest first. An entry never changes.",
  request: { ...accountRequest, query: z.object({ ...filterQuery, ...pageQuery }) },
  responses: {
    200: { description: "A page of entries.", content: { "application/json": { schema: entryPage } } },
    ...problems(...accountCodes),
  },
});

const sumRoute = createRoute({
  method: "get",
  path: "/entries/sum",
  tags: ["Credits"],
  summary: "What your entries come to",
  request: { ...accountRequest, query: filterSchema },
  responses: {
    200: { description: "The sums.", content: { "application/json": { schema: sumsSchema } } },
    ...problems(...accountCodes),
  },
});

const csvRoute = createRoute({
  method: "get",
  path: "/entries.csv",
  tags: ["Credits"],
  summary: "Your credit entries as CSV",
  description: "All entries of the filter, newest first.",
  request: { ...accountRequest, query: filterSchema },
  responses: {
    200: { description: "CSV, UTF-8.", content: { "text/csv": { schema: z.string() } } },
    ...problems(...accountCodes),
  },
});

const usageRoute = createRoute({
  method: "get",
  path: "/usage",
  tags: ["Credits"],
  summary: "Credits used per day and tool",
  description: "Days are those of `timeZone`; days on which nothing was used are left out.",
  request: {
    ...accountRequest,
    query: z.object({
      from: timeSchema,
      to: timeSchema,
      timeZone: z
        .string()
        .max(64)
        .refine(isTimeZone, "Not an IANA time zone.")
        .default("UTC")
        .openapi({ example: "Europe/Berlin" }),
    }),
  },
  responses: {
    200: { description: "The usage.", content: { "application/json": { schema: usageSchema } } },
    ...problems(...accountCodes),
  },
});

export const entries = newRouter()
  .openapi(listRoute, async (c) => {
    const accountId = await requireAccount(c, "credits.read");
    const { cursor, limit, ...filter } = c.req.valid("query");
    const before = readCursor(cursor, /^\d{1,18}$/);
    const page = await listEntries(db(), accountId, {
      ...entryFilter(filter),
      limit,
      ...(before !== undefined && { before: BigInt(before) }),
    });
    const next = page.nextBefore === null ? null : `${page.nextBefore}`;
    return c.json({ data: page.entries.map(entryJson), nextCursor: writeCursor(next) }, 200);
  })
  .openapi(sumRoute, async (c) => {
    const accountId = await requireAccount(c, "credits.read");
    const { count, ...sums } = await sumEntries(db(), accountId, entryFilter(c.req.valid("query")));
    return c.json(
      {
        count,
        issued: creditsJson(sums.issued),
        consumed: creditsJson(sums.consumed),
        expired: creditsJson(sums.expired),
        reversed: creditsJson(sums.reversed),
        net: creditsJson(sums.net),
      },
      200,
    );
  })
  .openapi(csvRoute, async (c) => {
    const accountId = await requireAccount(c, "credits.read");
    const filter = entryFilter(c.req.valid("query"));
    return sendCsv(c, "credit-entries.csv", entryLines(accountId, filter));
  })
  .openapi(usageRoute, async (c) => {
    const accountId = await requireAccount(c, "credits.read");
    const { from, to, timeZone } = c.req.valid("query");
    const range = { from: new Date(from), to: new Date(to), timeZone };
    const usage = await usageByDay(db(), accountId, range);
    const data = usage.map(({ day, cause, credits }) => ({
      day,
      tool: cause.startsWith("tool:") ? cause.slice("tool:".length) : null,
      credits: creditsJson(credits),
    }));
    return c.json({ timeZone, data }, 200);
  });

const columns = ["seq", "time", "kind", "credits", "balance_after", "source", "lot", "cause", "reference"];
const linesAtOnce = 500;

/** All entries of a filter, page by page: a long history does not have to fit the memory. */
async function* entryLines(
  accountId: Parameters<typeof listEntries>[1],
  filter: EntryFilter,
): AsyncGenerator<string> {
  yield csvLine(columns);
  let before: bigint | null = null;
  do {
    const page: Awaited<ReturnType<typeof listEntries>> = await listEntries(db(), accountId, {
      ...filter,
      limit: linesAtOnce,
      ...(before !== null && { before }),
    });
    yield page.entries
      .map((entry) =>
        csvLine([
          `${entry.seq}`,
          entry.createdAt.toISOString(),
          entry.kind,
          `${entry.credits}`,
          `${entry.totalAfter}`,
          entry.source,
          entry.grantId,
          entry.cause,
          entry.reference?.id ?? "",
        ]),
      )
      .join("");
    before = page.nextBefore;
  } while (before !== null);
}
