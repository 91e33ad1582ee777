import { randomUUID } from "node:crypto";
import { sql } from "drizzle-orm";
import { isStaff, type Role } from "#identity";
import { db, type Tx } from "#platform/db";
import type { Id } from "#platform/id";
import { attributeSignUps } from "./attribution";
import type { Choice } from "./consent";
import type { Kept, Pending } from "./event";
import { forwardLater } from "./forward";
import { visitorOf } from "./visitor-day";

/** Writing events: whose they are, whether they may be kept, and to whom they may be told. */

/** Writes a batch in one transaction: rows, sources of sign-ups, and what is told to others. */
export async function storeEvents(batch: readonly Pending[]): Promise<void> {
  const visitors = await Promise.all(
    batch.map(({ browser, occurredAt }) =>
      browser && browser.choice.choice !== "opted_out"
        ? visitorOf(browser.address, browser.agent, occurredAt)
        : null,
    ),
  );
  await db().transaction(async (tx) => {
    const people = await readPeople(tx, batch);
    await noteChoices(tx, batch, people);
    const kept = batch.flatMap((event, index): Kept[] => {
      const person = people.get(event.userId ?? event.accountId ?? "");
      // Erased meanwhile, or one of the staff.
      if ((event.userId ?? event.accountId) && (!person || isStaff(person.role))) return [];
      const choice = event.browser?.choice ?? person ?? noChoice;
      if (choice.choice === "opted_out") return [];
      const { userId = event.userId, accountId = event.accountId } = person ?? {};
      return [{ ...event, userId, accountId, id: randomUUID(), visitor: visitors[index] ?? null, choice }];
    });
    const all = [...kept, ...(await firstRuns(tx, kept))];
    if (all.length === 0) return;
    await insertEvents(tx, all);
    await attributeSignUps(tx, all);
    await forwardLater(tx, all);
  });
}

const noChoice: Choice = { choice: "none", clientId: null };

type Person = Choice & { userId: Id<"user">; accountId: Id<"account">; role: Role };

/** The people of a batch, each by user and by account. */
async function readPeople(tx: Tx, batch: readonly Pending[]): Promise<Map<string, Person>> {
  const users = [...new Set(batch.flatMap(({ userId }) => userId ?? []))];
  const accounts = [...new Set(batch.flatMap(({ userId, accountId }) => (userId ? [] : (accountId ?? []))))];
  if (users.length + accounts.length === 0) return new Map();
  const { rows } = await tx.execute<Person>(sql`
    select u.id as "userId", a.id as "accountId", u.role, coalesce(c.choice, 'none') as choice,
      c.client_id as "clientId"
    from (
      select id, owner_id from accounts where owner_type = 'user' and owner_id = any(${param(users)}::text[])
      union
      select id, owner_id from accounts where owner_type = 'user' and id = any(${param(accounts)}::text[])
    ) a
    join users u on u.id = a.owner_id
    left join analytics_choices c on c.user_id = u.id`);
  return new Map(rows.flatMap((row) => [[row.userId, row] as const, [row.accountId, row] as const]));
}

/** Remembers what people's browsers said last, for what happens while no browser is there. */
async function noteChoices(
  tx: Tx,
  batch: readonly Pending[],
  people: ReadonlyMap<string, Person>,
): Promise<void> {
  const latest = new Map(
    batch.flatMap(({ userId, browser }) => (userId && browser ? [[userId, browser.choice] as const] : [])),
  );
  for (const [userId, said] of latest) {
    const known = people.get(userId);
    if (!known || (known.choice === said.choice && known.clientId === said.clientId)) continue;
    Object.assign(known, said);
    await tx.execute(
      said.choice === "none"
        ? sql`delete from analytics_choices where user_id = ${userId}`
        : sql`insert into analytics_choices (user_id, choice, client_id)
            values (${userId}, ${said.choice}, ${said.clientId})
            on conflict (user_id) do update
              set choice = excluded.choice, client_id = excluded.client_id, updated_at = now()`,
    );
  }
}

/** Of the runs that succeeded, those that were their account's first to. */
async function firstRuns(tx: Tx, kept: readonly Kept[]): Promise<Kept[]> {
  const ended = new Map(
    kept.flatMap((event) => {
      const { run, status } = event.properties;
      return event.name === "run_finished" && status === "succeeded" && typeof run === "string"
        ? [[run, event] as const]
        : [];
    }),
  );
  if (ended.size === 0) return [];
  const { rows } = await tx.execute<{ id: string }>(sql`
    select r.id from runs r
    where r.id = any(${param([...ended.keys()])}::text[]) and r.account_id is not null and r.trial is null and not exists (
      select from runs o
      where o.account_id = r.account_id and o.status = 'succeeded' and o.trial is null and (o.ended_at, o.id) < (r.ended_at, r.id)
    )`);
  return rows.flatMap(({ id }) => {
    const event = ended.get(id);
    const tool = event?.properties.tool ?? "";
    return event ? [{ ...event, name: "first_run", id: randomUUID(), properties: { tool } }] : [];
  });
}

async function insertEvents(tx: Tx, kept: readonly Kept[]): Promise<void> {
  const rows = kept.map(({ name, occurredAt, userId, accountId, visitor, view, properties }) => ({
    ...{ name, at: occurredAt, user: userId, account: accountId, visitor, properties },
    ...{ path: view?.path, ...view?.arrival, country: view?.country },
  }));
  await tx.execute(sql`
    insert into product_events (name, occurred_at, user_id, account_id, visitor, path, referrer, utm_source,
      utm_medium, utm_campaign, country, properties)
    select name, at, "user", account, visitor, path, referrer, "utmSource", "utmMedium", "utmCampaign", country,
      properties
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as e (
      name text, at timestamptz, "user" text, account text, visitor text, path text, referrer text,
      "utmSource" text, "utmMedium" text, "utmCampaign" text, country text, properties jsonb
    )`);
}

/** An array as one parameter; Drizzle would write a list of them. */
function param(values: readonly string[]) {
  return sql.param([...values]);
}
