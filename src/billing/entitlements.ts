import "#server-only";
import { and, eq, inArray, sql } from "drizzle-orm";
import { z } from "zod";
import type { Queryable } from "#platform/db";
import type { Id } from "#platform/id";
import { prices, subscriptions } from "#schema";
import { givesPlan, isStatus, liveStatuses } from "./access";
import { type Entitlements, type PlanId, planIds } from "./catalogue";
import { readFree } from "./edition";

/**
 * What an account may do now, by what it pays for. The door for tools, which know nothing else of billing:
 * it reads rows and calls nobody.
 */

export type Allowed = Entitlements & { planId: PlanId };

const entitlementsSchema = z.object({
  tools: z.union([z.literal("all"), z.array(z.string())]),
  concurrentRuns: z.int().min(1),
  fileMb: z.number().positive(),
  retentionDays: z.int().min(1),
  priority: z.int(),
}) satisfies z.ZodType<Entitlements>;

/** Reads what a price's row allows. */
export function readEntitlements(column: unknown): Entitlements {
  return entitlementsSchema.parse(column);
}

/** What the account's subscription allows; without one that gives its plan, what Free allows. */
export async function readAllowed(queryable: Queryable, accountId: Id<"account">): Promise<Allowed> {
  const [row] = await queryable
    .select({
      planId: prices.planId,
      entitlements: prices.entitlements,
      status: subscriptions.status,
      pastDueSince: subscriptions.pastDueSince,
      nowMs: sql<number>`(extract(epoch from money_now()) * 1000)::float8`,
    })
    .from(subscriptions)
    .innerJoin(prices, eq(prices.id, subscriptions.priceId))
    .where(
      and(
        eq(subscriptions.accountId, accountId),
        inArray(subscriptions.status, liveStatuses),
        eq(subscriptions.surplus, false),
      ),
    );
  if (!row?.planId || !isStatus(row.status)) return freeAllowed(queryable);
  const { planId, status, pastDueSince } = row;
  if (!givesPlan({ status, pastDueSince }, new Date(row.nowMs))) return freeAllowed(queryable);
  return { ...readEntitlements(row.entitlements), planId };
}

/** Which of these accounts have a plan that they pay for; the others are on Free. */
export async function accountsWithPlan(
  queryable: Queryable,
  accountIds: readonly Id<"account">[],
): Promise<Set<Id<"account">>> {
  const rows = await queryable
    .select({
      accountId: subscriptions.accountId,
      status: subscriptions.status,
      pastDueSince: subscriptions.pastDueSince,
      nowMs: sql<number>`(extract(epoch from money_now()) * 1000)::float8`,
    })
    .from(subscriptions)
    .where(
      and(
        inArray(subscriptions.accountId, [...accountIds]),
        inArray(subscriptions.status, liveStatuses),
        eq(subscriptions.surplus, false),
      ),
    );
  const paying = rows.filter(
    ({ status, pastDueSince, nowMs }) =>
      isStatus(status) && givesPlan({ status, pastDueSince }, new Date(nowMs)),
  );
  return new Set(paying.map(({ accountId }) => accountId));
}

/** Whether the plan allows the tool: it is the tool's smallest plan or a larger one, and lists the tool. */
export function allowsTool(
  { planId, tools }: Pick<Allowed, "planId" | "tools">,
  { slug, minimumPlan }: { slug: string; minimumPlan: PlanId },
): boolean {
  const reaches = planIds.indexOf(planId) >= planIds.indexOf(minimumPlan);
  return reaches && (tools === "all" || tools.includes(slug));
}

async function freeAllowed(queryable: Queryable): Promise<Allowed> {
  return { ...(await readFree(queryable)).entitlements, planId: "free" };
}
