import { z } from "zod";
import { type Catalogue, planIds } from "./catalogue";

/** What a catalogue may hold, for drafts that people write and for editions that are read back. */

const amount = z.int().min(50).max(99_999_999);
const amounts = z.strictObject({ usd: amount, eur: amount, gbp: amount, cny: amount, jpy: amount });
const credits = z.int().min(1).max(1_000_000_000);
const text = z.string().trim().max(160);

const planSchema = z
  .strictObject({
    id: z.enum(planIds),
    archived: z.boolean(),
    text: z.strictObject({ en: text, zh: text }),
    prices: z.strictObject({ month: amounts, year: amounts }).nullable(),
    creditsPerMonth: z.int().min(0).max(1_000_000_000),
    rolloverCap: z.int().min(0).max(1_000_000_000),
    entitlements: z.strictObject({
      tools: z.union([z.literal("all"), z.array(z.string().max(64)).max(500)]),
      concurrentRuns: z.int().min(1).max(10_000),
      fileMb: z.int().min(1).max(10_000),
      retentionDays: z.int().min(1).max(3_650),
      priority: z.int().min(0).max(1_000),
    }),
    trial: z.strictObject({ days: z.int().min(1).max(365), credits }).nullable(),
  })
  .refine(({ id, prices }) => (id === "free") === (prices === null), {
    path: ["prices"],
    message: "Free has no prices, and every other plan has.",
  })
  .refine(({ id, archived, trial }) => id !== "free" || (!archived && trial === null), {
    path: ["archived"],
    message: "Free can neither be archived nor tried.",
  })
  .refine(({ id, creditsPerMonth }) => id === "free" || creditsPerMonth > 0, {
    path: ["creditsPerMonth"],
    message: "At least 1.",
  });

const packSchema = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9-]{0,30}$/, "small letters, digits and hyphens"),
  archived: z.boolean(),
  credits,
  bonus: z.int().min(0).max(1_000_000_000),
  expiresAfterMonths: z.int().min(1).max(120).nullable(),
  prices: amounts,
});

export const catalogueSchema = z
  .strictObject({
    plans: z.array(planSchema).length(planIds.length),
    packs: z.array(packSchema).max(20),
  })
  .refine(({ plans }) => planIds.every((id) => plans.some((plan) => plan.id === id)), {
    path: ["plans"],
    message: "Each plan once.",
  })
  .refine(({ packs }) => new Set(packs.map(({ id }) => id)).size === packs.length, {
    path: ["packs"],
    message: "Each pack once.",
  }) satisfies z.ZodType<Catalogue>;

/** A change of one field: `plans.pro.prices.month.usd`. */
export type Change = { path: string; before: Leaf; after: Leaf };
type Leaf = string | number | boolean | null;

/** What differs, field by field. A plan or pack that one of them has not is told by each of its fields. */
export function differenceOf(before: Catalogue, after: Catalogue): Change[] {
  const [was, is] = [leavesOf(before), leavesOf(after)];
  return [...new Set([...was.keys(), ...is.keys()])]
    .map((path) => ({ path, before: was.get(path) ?? null, after: is.get(path) ?? null }))
    .filter((change) => change.before !== change.after);
}

function leavesOf({ plans, packs }: Catalogue): Map<string, Leaf> {
  const leaves = new Map<string, Leaf>([
    ["order.plans", plans.map(({ id }) => id).join(" ")],
    ["order.packs", packs.map(({ id }) => id).join(" ")],
  ]);
  for (const { id, ...plan } of plans) collect(`plans.${id}`, plan, leaves);
  for (const { id, ...pack } of packs) collect(`packs.${id}`, pack, leaves);
  return leaves;
}

function collect(path: string, value: unknown, leaves: Map<string, Leaf>): void {
  if (Array.isArray(value)) leaves.set(path, value.join(" "));
  else if (typeof value === "object" && value !== null) {
    for (const [name, part] of Object.entries(value)) collect(`${path}.${name}`, part, leaves);
  } else leaves.set(path, typeof value === "number" || typeof value === "boolean" ? value : textOf(value));
}

function textOf(value: unknown): string | null {
  return value === null ? null : String(value);
}
