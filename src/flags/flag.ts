import { and, asc, eq, inArray, sql } from "drizzle-orm";
import { z } from "zod";
import { readAllowed } from "#billing/entitlements";
import { type ActRequest, actOnce } from "#platform/act-once";
import { recordAct } from "#platform/audit";
import { db } from "#platform/db";
import type { Id } from "#platform/id";
import { Refusal } from "#platform/refusal";
import { remembered } from "#platform/remembered";
import { accounts, flags, users } from "#schema";
import { asksPlan, type Flag, isOnFor } from "./rule";

/** Feature flags. They are remembered, so that asking costs nothing. */

type AccountId = Id<"account">;

const known = remembered<ReadonlyMap<string, Flag>>("flags", async () => {
  const rows = await db().select().from(flags);
  return new Map(rows.map((row) => [row.key, row]));
});

/** Whether a feature is on for an account; false for a flag that nobody has made. */
export async function isOn(key: string, accountId: AccountId): Promise<boolean> {
  const flag = (await known.current()).get(key);
  if (!flag) return false;
  const planId = asksPlan(flag, accountId) ? await planOf(accountId) : "";
  return isOnFor(flag, { accountId, planId });
}

/** Every flag, and whether it is on for the account. */
export async function flagsOf(accountId: AccountId): Promise<Record<string, boolean>> {
  const all = [...(await known.current()).values()];
  const planId = all.some((flag) => asksPlan(flag, accountId)) ? await planOf(accountId) : "";
  return Object.fromEntries(all.map((flag) => [flag.key, isOnFor(flag, { accountId, planId })]));
}

async function planOf(accountId: AccountId): Promise<string> {
  return (await readAllowed(db(), accountId)).planId;
}

export type NewFlag = Pick<Flag, "text" | "state" | "plans" | "percent"> & {
  /** Ids or mail addresses of users. */
  people: readonly string[];
};

/** With the mail addresses of the people it is always on for. */
export type FlagView = Omit<Flag, "accounts"> & { people: string[] };

/** All flags, by their keys. */
export async function listFlags(): Promise<FlagView[]> {
  const rows = await db().select().from(flags).orderBy(asc(flags.key));
  const ids = rows.flatMap((row) => row.accounts);
  const owners =
    ids.length === 0
      ? []
      : await db()
          .select({ accountId: accounts.id, email: users.email })
          .from(accounts)
          .innerJoin(users, isOwner)
          .where(inArray(accounts.id, ids));
  const mails = new Map(owners.map(({ accountId, email }) => [accountId, email]));
  return rows.map(({ accounts: named, ...row }) => ({
    ...row,
    people: named.flatMap((id) => mails.get(id) ?? []),
  }));
}

const isOwner = and(eq(accounts.ownerType, "user"), eq(accounts.ownerId, users.id));
const done = z.object({ key: z.string() });

/**
 * Makes a flag, or changes it, with its line in the audit log; it counts in this process when this returns, and in
 * the others as soon as they hear of it.
 * @throws Refusal invalid_request for people who are not there, idempotency_conflict
 */
export async function saveFlag(key: string, wanted: NewFlag, request: ActRequest): Promise<FlagView> {
  const { people, ...terms } = wanted;
  const named = await accountsOf(people);
  await db().transaction((tx) =>
    actOnce(tx, request, ["flag.change", key, JSON.stringify(wanted)], done, async () => {
      const [before] = await tx.select().from(flags).where(eq(flags.key, key)).for("update");
      const row = { key, ...terms, accounts: named };
      const { key: _, text: __, ...rules } = row;
      await tx
        .insert(flags)
        .values(row)
        .onConflictDoUpdate({ target: flags.key, set: { ...row, updatedAt: sql`now()` } });
      await recordAct(tx, {
        ...{ by: request.by, reason: request.reason, action: before ? "flag.change" : "flag.make" },
        object: { type: "flag", id: key },
        ...(before && { before: rulesOf(before) }),
        after: rules,
      });
      return { key };
    }),
  );
  await known.changed();
  return requireFlag(key);
}

/** Deletes a flag: it is off for everybody. @throws Refusal not_found, idempotency_conflict */
export async function deleteFlag(key: string, request: ActRequest): Promise<void> {
  await db().transaction((tx) =>
    actOnce(tx, request, ["flag.delete", key], done, async () => {
      const [gone] = await tx.delete(flags).where(eq(flags.key, key)).returning();
      if (!gone) throw new Refusal("not_found");
      await recordAct(tx, {
        ...{ by: request.by, reason: request.reason, action: "flag.delete" },
        ...{ object: { type: "flag", id: key }, before: rulesOf(gone) },
      });
      return { key };
    }),
  );
  await known.changed();
}

function rulesOf({ state, plans, percent, accounts: named }: Flag) {
  return { state, plans, percent, accounts: named };
}

async function requireFlag(key: string): Promise<FlagView> {
  const found = (await listFlags()).find((flag) => flag.key === key);
  if (!found) throw new Refusal("not_found");
  return found;
}

/** @throws Refusal invalid_request naming who is not there */
async function accountsOf(people: readonly string[]): Promise<AccountId[]> {
  if (people.length === 0) return [];
  const wanted = [...new Set(people.map((one) => one.trim().toLowerCase()))];
  const rows = await db()
    .select({ id: accounts.id, email: users.email, userId: users.id })
    .from(users)
    .innerJoin(accounts, isOwner)
    .where(
      sql`${users.email} = any(${sql.param(wanted)}::text[]) or ${users.id} = any(${sql.param(wanted)}::text[])`,
    );
  const here = new Set(rows.flatMap(({ email, userId }): string[] => [email, userId]));
  const missing = wanted.filter((one) => !here.has(one));
  if (missing.length > 0) {
    const message = `nobody here: ${missing.slice(0, 5).join(", ")}`;
    throw new Refusal("invalid_request", { errors: [{ path: "people", message }] });
  }
  return rows.map(({ id }) => id).sort();
}
