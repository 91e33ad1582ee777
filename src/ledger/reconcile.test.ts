import { sql } from "drizzle-orm";
import { beforeAll, expect, test } from "vitest";
import { testDatabase } from "#test";
import type { AccountId, GrantId, HoldId } from "./command";
import { type Finding, reconcile } from "./reconcile";
import { aCharge, aGrant, aHold, anAccount, apply } from "./testing";

const { db } = testDatabase();

let accountId: AccountId;
let grantId: GrantId;
let holdId: HoldId;

beforeAll(async () => {
  accountId = await anAccount();
  grantId = await aGrant(accountId, { credits: 100n });
  await aGrant(await anAccount());
  holdId = await aHold(accountId, { credits: 10n });
  await apply(aCharge(accountId, { credits: 5n }));
});

class Undo extends Error {}

/** What reconcile finds after somebody changed rows behind the ledger's back; undone afterwards. */
async function findingsAfter(...statements: string[]): Promise<Finding[]> {
  let findings: Finding[] = [];
  await db()
    .transaction(async (tx) => {
      // A superuser may do what the triggers refuse; reconcile has to find it nevertheless.
      await tx.execute(sql`set local session_replication_role = replica`);
      for (const statement of statements) await tx.execute(sql.raw(statement));
      findings = await reconcile(tx);
      throw new Undo();
    })
    .catch((error: unknown) => {
      if (!(error instanceof Undo)) throw error;
    });
  return findings;
}

const ours = () => `account_id = '${accountId}'`;

test("books that only the ledger wrote are right", async () => {
  expect(await reconcile(db())).toEqual([]);
});

test("a balance that was edited is found, on the account and over all", async () => {
  const findings = await findingsAfter(`update accounts set available = 86 where id = '${accountId}'`);
  expect(findings).toEqual([
    { invariant: "L2", accountId, subject: "entries", found: 95n, expected: 96n },
    { invariant: "L2", accountId, subject: "lots", found: 85n, expected: 86n },
    expect.objectContaining({ invariant: "L10", accountId: null }),
  ]);
});

test.each<[string, string, () => string[]]>([
  ["a lot that was filled up", "L4", () => [`update grants set remaining = 90 where id = '${grantId}'`]],
  ["a lot that was deleted", "L4", () => [`delete from grants where id = '${grantId}'`]],
  [
    "a hold that was closed alone",
    "L3",
    () => [`update holds set status = 'released', ended_at = now() where id = '${holdId}'`],
  ],
  [
    "a hold that took other credits than it says",
    "L4",
    () => [`update hold_lots set credits = 9 where hold_id = '${holdId}'`],
  ],
  [
    "a capture without its entry",
    "L4",
    () => [`update holds set status = 'captured', captured = 3, ended_at = now() where id = '${holdId}'`],
  ],
  ["an entry that was changed", "L7", () => [`update entries set credits = -4 where ${ours()} and seq = 2`]],
  ["an entry that was deleted", "L7", () => [`delete from entries where ${ours()} and seq = 1`]],
  [
    "entries whose times were changed",
    "L9",
    () => [`update entries set created_at = '2000-01-01' where ${ours()} and seq = 2`],
  ],
  ["a command that was forgotten", "L8", () => [`delete from commands where ${ours()} and seq = 1`]],
  [
    "a command with another's number",
    "L8",
    () => [`update commands set seq = 1 where ${ours()} and seq = 2`],
  ],
  ["a hold that was deleted", "L4", () => [`delete from holds where id = '${holdId}'`]],
  ["a deleted hold's lots", "L3", () => [`delete from hold_lots where hold_id = '${holdId}'`]],
  [
    "an account that is not there",
    "L2",
    () => [
      "alter table grants drop constraint grants_account_id_accounts_id_fk",
      `delete from accounts where id = '${accountId}'`,
    ],
  ],
  [
    "a command of nobody",
    "L8",
    () => [`update commands set account_id = 'acct_none' where ${ours()} and seq = 1`],
  ],
  [
    "a negative lot",
    "L1",
    () => [
      "alter table grants drop constraint grants_remaining_not_negative",
      `update grants set remaining = -1 where id = '${grantId}'`,
    ],
  ],
])("%s is found", async (_what, invariant, statements) => {
  const findings = await findingsAfter(...statements());
  expect(findings.map((finding) => finding.invariant)).toContain(invariant);
  expect(findings.filter((finding) => ![null, accountId, "acct_none"].includes(finding.accountId))).toEqual(
    [],
  );
  expect(await reconcile(db())).toEqual([]);
});
