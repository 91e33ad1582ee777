import { sql } from "drizzle-orm";
import { db, type Queryable } from "#platform/db";
import { bounded } from "./settled";

/** What is stored: of which kind, whose, and what is deleted when. Of what was deleted nothing is counted. */

export type StoredKind = { what: "upload" | "result"; mediaType: string; files: number; bytes: number };
export type StoredOwner = {
  customerId: string | null;
  customerMail: string | null;
  files: number;
  bytes: number;
};
export type StoredDay = { day: string; files: number; bytes: number };
export type Stored = { kinds: StoredKind[]; owners: StoredOwner[]; expiring: StoredDay[] };

/** @param timeZone of IANA: expiring files are told by its days */
export async function readStored(timeZone: string): Promise<Stored> {
  return bounded(
    db(),
    async (tx) => ({
      kinds: await kinds(tx),
      owners: await owners(tx),
      expiring: await expiring(tx, timeZone),
    }),
    10,
  );
}

/** Every file that is there now, with its owner's account and the time it is deleted. */
const stored = sql`(
  select 'upload' as what, media_type, bytes, account_id, expires_at from uploads
    where deleted_at is null and stored_at is not null
  union all
  select 'result', o.media_type, o.bytes, r.account_id, r.expires_at
    from runs r join outputs o on o.run_id = r.id where r.purged_at is null
) as stored`;

async function kinds(queryable: Queryable): Promise<StoredKind[]> {
  const { rows } = await queryable.execute<StoredKind>(sql`
    select what, media_type as "mediaType", count(*)::int as files, sum(bytes)::float8 as bytes
    from ${stored} group by 1, 2 order by 4 desc, 1, 2 limit 100`);
  return rows;
}

const mostOwners = 20;

/** Those with the most; visitors, who have no account, all together. */
async function owners(queryable: Queryable): Promise<StoredOwner[]> {
  const { rows } = await queryable.execute<StoredOwner>(sql`
    select u.id as "customerId", u.email as "customerMail", most.files, most.bytes
    from (
      select account_id, count(*)::int as files, sum(bytes)::float8 as bytes
      from ${stored} group by 1 order by 3 desc limit ${mostOwners}
    ) as most
      left join accounts a on a.id = most.account_id and a.owner_type = 'user'
      left join users u on u.id = a.owner_id
    order by most.bytes desc`);
  return rows;
}

async function expiring(queryable: Queryable, timeZone: string): Promise<StoredDay[]> {
  const { rows } = await queryable.execute<StoredDay>(sql`
    select to_char(greatest(expires_at, now()) at time zone ${timeZone}, 'YYYY-MM-DD') as day,
      count(*)::int as files, sum(bytes)::float8 as bytes
    from ${stored} group by 1 order by 1 limit 100`);
  return rows;
}
