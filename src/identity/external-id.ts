import { and, eq, sql } from "drizzle-orm";
import { announce, hearChanges } from "#platform/changes";
import { db } from "#platform/db";
import { type Id, isId } from "#platform/id";
import { log } from "#platform/log";
import { Refusal } from "#platform/refusal";
import { singleton } from "#platform/singleton";
import { accounts, externalIds, users } from "#schema";
import { accountOf } from "./account";

/** The operator's own names for accounts: a service key may say `customer-42` instead of `acct_…`. */

export type ExternalId = { externalId: string; accountId: Id<"account"> };

type Known = { accountId: Id<"account">; readAtMs: number };

const believedMs = 3_000;
const mostKnown = 50_000;
const topic = "external-ids";

const known = singleton<Map<string, Known>>("identity.accounts-by-name");

function knownAccounts(): Map<string, Known> {
  return known.once(() => {
    const made = new Map<string, Known>();
    hearChanges(topic, () => made.clear()).catch((error: unknown) =>
      log().warn({ err: error }, "could not listen for changes of external ids"),
    );
    return made;
  });
}

/**
 * The account of this id or external id. Remembered for a few seconds, and an account's own id for good, for
 * no account is ever closed.
 * @throws Refusal not_found
 */
export async function accountByName(name: string): Promise<Id<"account">> {
  const cache = knownAccounts();
  const nowMs = performance.now();
  const found = cache.get(name);
  if (found && (found.accountId === name || nowMs - found.readAtMs < believedMs)) return found.accountId;
  const accountId = isId("account", name) ? await findAccountId(name) : await findExternal(name);
  if (!accountId) throw new Refusal("not_found");
  cache.delete(name);
  cache.set(name, { accountId, readAtMs: nowMs });
  const [oldest] = cache.keys();
  if (cache.size > mostKnown && oldest !== undefined) cache.delete(oldest);
  return accountId;
}

async function findAccountId(id: Id<"account">): Promise<Id<"account"> | undefined> {
  const [row] = await db().select({ id: accounts.id }).from(accounts).where(eq(accounts.id, id));
  return row?.id;
}

async function findExternal(externalId: string): Promise<Id<"account"> | undefined> {
  const [row] = await db().select().from(externalIds).where(eq(externalIds.externalId, externalId));
  return row?.accountId;
}

/** The account of whoever confirmed this mail address. @throws Refusal not_found */
export async function accountByMail(email: string): Promise<Id<"account">> {
  const [user] = await db()
    .select({ id: users.id })
    .from(users)
    .where(and(eq(users.email, email.trim().toLowerCase()), eq(users.emailVerified, true)));
  if (!user) throw new Refusal("not_found");
  return accountOf(user.id);
}

/**
 * Gives an account an external id, in place of the one it had. Naming it so twice is naming it once.
 * @throws Refusal not_found for no account, external_id_taken for another account's name
 */
export async function nameAccount({ externalId, accountId }: ExternalId): Promise<void> {
  if (!(await findAccountId(accountId))) throw new Refusal("not_found");
  await db().transaction(async (tx) => {
    // One at a time: two accounts that ask for one name, or one account for two, must not both get it.
    await tx.execute(sql`lock table ${externalIds} in share row exclusive mode`);
    const [holder] = await tx.select().from(externalIds).where(eq(externalIds.externalId, externalId));
    if (holder && holder.accountId !== accountId) throw new Refusal("external_id_taken");
    await tx
      .insert(externalIds)
      .values({ externalId, accountId })
      .onConflictDoUpdate({ target: externalIds.accountId, set: { externalId } });
  });
  changed();
}

/** @throws Refusal not_found when no account has it. */
export async function forgetExternalId(externalId: string): Promise<void> {
  const gone = await db()
    .delete(externalIds)
    .where(eq(externalIds.externalId, externalId))
    .returning({ externalId: externalIds.externalId });
  if (gone.length === 0) throw new Refusal("not_found");
  changed();
}

function changed(): void {
  knownAccounts().clear();
  announce({ owner: topic });
}
