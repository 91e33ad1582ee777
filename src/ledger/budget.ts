import { eq, inArray, type SQL, sql } from "drizzle-orm";
import type { Queryable, Tx } from "#platform/db";
import { Refusal } from "#platform/refusal";
import { entries, holds, keyBudgets } from "#schema";
import { type ApiKeyId, maxCredits } from "./command";

/**
 * What an API key may spend, over all accounts it acts for. A key without a cap has no budget: then its
 * entries say what it spent, and nothing is locked for it.
 */

/** As a decision sees it. */
export type Budget = { cap: bigint | null; spent: bigint; held: bigint };
export type Budgets = Map<ApiKeyId, Budget>;

/**
 * L11: what was spent and what is held never pass the cap.
 * @throws Refusal insufficient_credits, saying that the limit is the key's
 */
export function requireBudget(
  budgets: Budgets,
  { apiKeyId, credits }: { apiKeyId?: ApiKeyId; credits: bigint },
): void {
  const budget = apiKeyId && budgets.get(apiKeyId);
  if (!budget || budget.cap === null) return;
  const left = budget.cap - budget.spent - budget.held;
  if (credits <= left) return;
  throw new Refusal("insufficient_credits", { need: Number(credits), have: Number(left), limitOf: "key" });
}

/**
 * Sets a key's cap, or takes it off. A key that had none gets its budget counted from its entries and open
 * holds: the table's lock waits for every batch that may still be counting without it, and holds up new ones.
 * @throws Refusal invalid_request for a cap below what the key has come to
 */
export async function setCap(tx: Tx, apiKeyId: ApiKeyId, cap: bigint | null): Promise<void> {
  if (cap !== null && (cap < 0n || cap > maxCredits))
    throw wrongCap(`a whole number from 0 to ${maxCredits}`);
  const known = await readForChange(tx, apiKeyId);
  if (!known && cap === null) return;
  if (!known) {
    await tx.execute(sql`lock table ${keyBudgets} in exclusive mode`);
    const total = (table: typeof entries | typeof holds, sum: SQL, condition: SQL) =>
      sql<bigint>`(select coalesce(${sum}, 0)::int8 from ${table} where ${table.apiKeyId} = ${apiKeyId} and ${condition})`;
    await tx
      .insert(keyBudgets)
      .values({
        apiKeyId,
        cap: null,
        spent: total(entries, sql`-sum(${entries.credits})`, sql`true`),
        held: total(holds, sql`sum(${holds.credits})`, sql`${holds.status} = 'open'`),
      })
      .onConflictDoNothing();
  }
  const budget = known ?? (await readForChange(tx, apiKeyId));
  if (budget && cap !== null && cap < budget.spent + budget.held) {
    throw wrongCap(`at least ${budget.spent + budget.held}, which the key has used and holds`);
  }
  await tx.update(keyBudgets).set({ cap }).where(eq(keyBudgets.apiKeyId, apiKeyId));
}

function wrongCap(message: string): Refusal {
  return new Refusal("invalid_request", { errors: [{ path: "cap", message }] });
}

async function readForChange(tx: Tx, apiKeyId: ApiKeyId): Promise<Budget | undefined> {
  const [budget] = await tx.select().from(keyBudgets).where(eq(keyBudgets.apiKeyId, apiKeyId)).for("update");
  return budget;
}

/** The budgets of those of these keys that have one. */
export async function readBudgets(queryable: Queryable, apiKeyIds: readonly ApiKeyId[]): Promise<Budgets> {
  if (apiKeyIds.length === 0) return new Map();
  const rows = await queryable
    .select()
    .from(keyBudgets)
    .where(inArray(keyBudgets.apiKeyId, [...apiKeyIds]));
  return new Map(rows.map(({ apiKeyId, cap, spent, held }) => [apiKeyId, { cap, spent, held }]));
}

/** Credits that keys consumed since a time, by key: from their entries, as the history shows them. */
export async function spentByKey(
  queryable: Queryable,
  apiKeyIds: readonly ApiKeyId[],
  from: Date,
): Promise<Map<ApiKeyId, bigint>> {
  if (apiKeyIds.length === 0) return new Map();
  const rows = await queryable
    .select({ apiKeyId: entries.apiKeyId, credits: sql<bigint>`(-sum(${entries.credits}))::int8` })
    .from(entries)
    .where(sql`${inArray(entries.apiKeyId, [...apiKeyIds])} and ${entries.createdAt} >= ${from}`)
    .groupBy(entries.apiKeyId);
  return new Map(rows.flatMap(({ apiKeyId, credits }) => (apiKeyId ? [[apiKeyId, credits] as const] : [])));
}
