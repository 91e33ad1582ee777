import { eq, inArray, like, or, type SQL, sql } from "drizzle-orm";
import { findKeyOwners } from "#identity";
import { isId } from "#platform/id";
import { accounts, checkouts, customers, externalIds, invoices, runs, subscriptions, users } from "#schema";

/**
 * Who is meant by what somebody has of a customer. Each look-up is served by one index: ids and numbers in
 * full, mail addresses and names by their beginning, so that a million customers are searched in milliseconds.
 */

/** Accounts that own an object, by how its id begins. Ids that begin with none of these are no such object. */
const owners: { start: string; account: (id: string) => SQL }[] = [
  { start: "acct_", account: (id) => sql`${id}` },
  { start: "run_", account: (id) => sql`(select ${runs.accountId} from ${runs} where ${runs.id} = ${id})` },
  {
    start: "cus_",
    account: (id) =>
      sql`(select ${customers.accountId} from ${customers} where ${customers.stripeId} = ${id})`,
  },
  {
    start: "sub_",
    account: (id) =>
      sql`(select ${subscriptions.accountId} from ${subscriptions} where ${subscriptions.id} = ${id})`,
  },
  {
    start: "in_",
    account: (id) => sql`(select ${invoices.accountId} from ${invoices} where ${invoices.id} = ${id})`,
  },
  {
    start: "cs_",
    account: (id) =>
      sql`(select ${checkouts.accountId} from ${checkouts} where ${checkouts.sessionId} = ${id})`,
  },
];

/** The condition on `users` under which they are who `query` means; undefined for an empty one. */
export async function whoIs(query: string | undefined): Promise<SQL | undefined> {
  const text = query?.trim();
  if (!text) return undefined;
  if (isId("user", text)) return eq(users.id, text);
  const owner = owners.find(({ start }) => text.startsWith(start));
  if (owner) return ownerOf(sql`${accounts.id} = ${owner.account(text)}`);
  if (text.startsWith("key_") || text.startsWith("tm_")) {
    const found = await findKeyOwners(text);
    return found.length === 0 ? sql`false` : inArray(users.id, found);
  }
  return byWords(text);
}

/** A mail address or name by its beginning, an invoice's number, or the operator's own name for the account. */
function byWords(text: string): SQL | undefined {
  const start = `${text.toLowerCase().replace(/[\\%_]/g, "\\$&")}%`;
  return or(
    like(users.email, start),
    sql`lower(${users.name}) like ${start}`,
    ownerOf(
      sql`${accounts.id} = (select ${externalIds.accountId} from ${externalIds} where ${externalIds.externalId} = ${text})`,
    ),
    // Stripe numbers the invoices of one of its accounts, so that a number names one.
    ownerOf(
      sql`${accounts.id} = any(array(select ${invoices.accountId} from ${invoices} where ${invoices.number} in (${text}, ${text.toUpperCase()}) limit 10))`,
    ),
  );
}

function ownerOf(account: SQL): SQL {
  return sql`${users.id} = any(array(select ${accounts.ownerId} from ${accounts} where ${account} and ${accounts.ownerType} = 'user'))`;
}
