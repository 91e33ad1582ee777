import { sql } from "drizzle-orm";
import { hearChanges } from "#platform/changes";
import { db } from "#platform/db";
import type { Id } from "#platform/id";
import { log } from "#platform/log";
import { onShutdown } from "#platform/shutdown";
import { singleton } from "#platform/singleton";
import { believedMs, keysTopic } from "./key-cache";

/**
 * Whose credits nobody spends, fast enough to ask with every charge: all of them from memory, read anew in the
 * background every few seconds, and at once where it is told that somebody was suspended or restored.
 */

type Accounts = ReadonlySet<Id<"account">>;
type Read = { atMs: number; accounts: Promise<Accounts> };

export type SuspendedAccounts = {
  has: (accountId: Id<"account">) => Promise<boolean>;
  forget: () => void;
};

/** One for each process; a test may make a second. */
export function createSuspendedAccounts(): SuspendedAccounts {
  let known: Read | null = null;
  let coming: Read | null = null;

  function read(): Read {
    const made: Read = { atMs: performance.now(), accounts: readAccounts() };
    coming = made;
    made.accounts.then(
      () => {
        // Forgotten meanwhile, it may tell of before.
        if (coming === made) [known, coming] = [made, null];
      },
      () => {
        if (coming === made) coming = null;
      },
    );
    return made;
  }

  return {
    has: async (accountId) => {
      const ageMs = known ? performance.now() - known.atMs : Number.POSITIVE_INFINITY;
      // Nobody waits for it as long as what is known can be believed.
      const next = ageMs < believedMs / 2 ? null : (coming ?? read());
      const { accounts } = known && ageMs < believedMs ? known : (next ?? read());
      return (await accounts).has(accountId);
    },
    forget: () => {
      [known, coming] = [null, null];
    },
  };
}

async function readAccounts(): Promise<Accounts> {
  const { rows } = await db().execute<{ id: Id<"account"> }>(sql`
    select a.id from users u join accounts a on a.owner_type = 'user' and a.owner_id = u.id
    where u.suspended_at is not null`);
  return new Set(rows.map(({ id }) => id));
}

const slot = singleton<SuspendedAccounts>("identity.suspended");

function memory(): SuspendedAccounts {
  return slot.once(() => {
    const made = createSuspendedAccounts();
    hearChanges(keysTopic, () => made.forget()).catch((error: unknown) =>
      log().warn({ err: error }, "could not listen for suspensions"),
    );
    onShutdown("work", "suspended accounts", async () => slot.clear());
    return made;
  });
}

/** Whether an account's owner is suspended; what another process has done is known within 5 seconds. */
export function isSuspendedAccount(accountId: Id<"account">): Promise<boolean> {
  return memory().has(accountId);
}

/** Has it read anew here, after a suspension. */
export function forgetSuspended(): void {
  slot.get()?.forget();
}
