import { createHash } from "node:crypto";
import type { flags } from "#schema";

/** Whom a flag is on for. Pure. */

export type Flag = typeof flags.$inferSelect;
type Rule = Pick<Flag, "key" | "state" | "plans" | "percent" | "accounts">;
type Asking = { accountId: string; planId: string };

/** Whether the plan matters: only then it is worth asking for. */
export function asksPlan({ state, plans, accounts, percent }: Rule, accountId: string): boolean {
  return (
    state === "rules" && plans.length > 0 && percent > 0 && !accounts.some((account) => account === accountId)
  );
}

/**
 * Off and on are that. By rules it is on for the accounts that are named, and for a percentage of those whose plan
 * is among its plans; no plan means all.
 */
export function isOnFor(rule: Rule, { accountId, planId }: Asking): boolean {
  if (rule.state !== "rules") return rule.state === "on";
  if (rule.accounts.some((account) => account === accountId)) return true;
  const isOfPlan = rule.plans.length === 0 || rule.plans.includes(planId);
  return isOfPlan && placeOf(rule.key, accountId) < rule.percent;
}

/**
 * An account's place from 0 to just below 100, the same for ever and different for each flag: whoever has a feature
 * keeps it when the percentage grows, and no account is the first for every feature.
 */
export function placeOf(key: string, accountId: string): number {
  const digest = createHash("sha256").update(`${key} ${accountId}`).digest();
  return (digest.readUInt32BE(0) / 2 ** 32) * 100;
}
