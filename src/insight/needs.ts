import { sql } from "drizzle-orm";
import type { Right } from "#identity";
import { db, type Queryable } from "#platform/db";
import { firstId } from "#platform/id";
import { ownFaultCodes } from "#tools/names";
import { bounded, type Settled, settle } from "./settled";

/** What waits for a hand of the operator's: each is counted by an index of its own, and fails alone. */

export const needNames = [
  "events",
  "disputes",
  "pastDue",
  "differences",
  "tools",
  "providers",
  "jobs",
  "mails",
  "reports",
  "welcomes",
] as const;
export type NeedName = (typeof needNames)[number];

/** A tool whose runs succeed much less than they did, or fail by faults of ours. */
export type FailingTool = {
  slug: string;
  /** Shares between 0 and 1: of the last 24 hours, and of the week before; null with too few runs to say. */
  success: number;
  usualSuccess: number | null;
  failed: number;
};

export type Need = {
  count: number;
  /** When the oldest of them began. */
  oldestAt: Date | null;
  /** By when one must act, where there is such a day. */
  dueAt: Date | null;
  tools: FailingTool[];
};

export type NamedNeed = { name: NeedName } & Settled<Need>;

/** Which right opens the list behind it. */
const needs: Record<NeedName, { right: Right; read: (queryable: Queryable) => Promise<Need> }> = {
  events: {
    right: "payments.read",
    read: (queryable) =>
      count(
        queryable,
        sql`select count(*)::int, min(received_at) as oldest from stripe_events where status = 'failed'`,
      ),
  },
  disputes: {
    right: "payments.read",
    read: (queryable) =>
      count(
        queryable,
        sql`select count(*)::int, min(created_at) as oldest, min(due_at) as due from disputes
          where status in ('needs_response', 'warning_needs_response')`,
      ),
  },
  pastDue: {
    right: "customers.read",
    read: (queryable) =>
      count(
        queryable,
        sql`select count(*)::int, min(past_due_since) as oldest from subscriptions
          where past_due_since is not null and not surplus`,
      ),
  },
  differences: {
    right: "ledger.read",
    read: (queryable) =>
      count(
        queryable,
        sql`select coalesce(sum(finding_count), 0)::int as count, min(as_of) filter (where finding_count > 0) as oldest
          from (select finding_count, as_of from reconciliations where status = 'done' order by id desc limit 1) as last`,
      ),
  },
  tools: { right: "customers.read", read: failingTools },
  providers: {
    right: "models.read",
    // Those that rested and have not answered since; not one that only had too much to do for a moment.
    read: (queryable) =>
      count(
        queryable,
        sql`select count(*)::int, null as oldest from providers
          where archived_at is null and enabled and rests_until is not null
            and (failures >= 3 or last_error not like '429:%')`,
      ),
  },
  jobs: {
    right: "operations.read",
    read: (queryable) =>
      count(
        queryable,
        sql`select count(*)::int, min(created_at) as oldest from graphile_worker.jobs
          where attempts >= max_attempts and locked_at is null`,
      ),
  },
  mails: {
    right: "mails.read",
    // Who mistyped an address is no task for ever.
    read: (queryable) =>
      count(
        queryable,
        sql`select count(*)::int, min(created_at) as oldest from mails
          where status = 'failed' and created_at > now() - interval '7 days'`,
      ),
  },
  reports: {
    right: "reports.read",
    read: (queryable) =>
      count(
        queryable,
        sql`select count(*)::int, min(created_at) as oldest from content_reports where status = 'open'`,
      ),
  },
  welcomes: {
    right: "welcomes.read",
    read: (queryable) =>
      count(
        queryable,
        sql`select count(*)::int, min(judged_at) as oldest from sign_ups where welcome = 'waiting'`,
      ),
  },
};

/** What waits, of those kinds whose list this person may open. */
export async function readNeeds(may: (right: Right) => boolean): Promise<NamedNeed[]> {
  const wanted = needNames.filter((name) => may(needs[name].right));
  return Promise.all(
    wanted.map(async (name) => ({
      name,
      ...(await settle(`need.${name}`, bounded(db(), needs[name].read))),
    })),
  );
}

type Counted = { count: number; oldest: Date | string | null; due?: Date | string | null };

async function count(queryable: Queryable, query: ReturnType<typeof sql>): Promise<Need> {
  const { rows } = await queryable.execute<Counted>(query);
  const { count = 0, oldest = null, due = null } = rows[0] ?? {};
  return { count, oldestAt: oldest ? new Date(oldest) : null, dueAt: due ? new Date(due) : null, tools: [] };
}

/** Fewer runs than these say nothing. */
const leastRuns = 5;
const leastUsualRuns = 20;
/** How far below the week before, in points of a hundred. */
const wellUnder = 0.2;
/** Whatever was usual, a tool fails that ended so many in the last hours, most of them by faults of ours. */
const leastNow = 3;
const nowHours = 6;
const ourFaults = [...ownFaultCodes, "worker_lost"];

async function failingTools(queryable: Queryable): Promise<Need> {
  const now = Date.now();
  const lastHours = firstId("run", new Date(now - nowHours * hourMs));
  const yesterday = firstId("run", new Date(now - 24 * hourMs));
  const lastWeek = firstId("run", new Date(now - 8 * 24 * hourMs));
  const { rows } = await queryable.execute<{
    tool: string;
    lately: number;
    failed: number;
    usual: number;
    usual_failed: number;
    ended_now: number;
    ours_now: number;
    oldest: Date | string | null;
  }>(sql`
    select tool,
      count(*) filter (where id >= ${yesterday})::int as lately,
      count(*) filter (where id >= ${yesterday} and status = 'failed')::int as failed,
      count(*) filter (where id < ${yesterday})::int as usual,
      count(*) filter (where id < ${yesterday} and status = 'failed')::int as usual_failed,
      count(*) filter (where id >= ${lastHours})::int as ended_now,
      count(*) filter (where id >= ${lastHours} and error_code = any(${sql.param(ourFaults)}::text[]))::int as ours_now,
      min(created_at) filter (where id >= ${yesterday} and status = 'failed') as oldest
    from runs
    where id >= ${lastWeek} and trial is null and status in ('succeeded', 'failed')
    group by tool order by tool`);
  const failing = rows.flatMap(
    ({ tool, lately, failed, usual, usual_failed, ended_now, ours_now, oldest }) => {
      const success = lately > 0 ? 1 - failed / lately : 1;
      const usualSuccess = usual < leastUsualRuns ? null : 1 - usual_failed / usual;
      const isWorse = lately >= leastRuns && usualSuccess !== null && usualSuccess - success >= wellUnder;
      const isBroken = ended_now >= leastNow && ours_now > ended_now / 2;
      return isWorse || isBroken ? [{ slug: tool, success, usualSuccess, failed, oldest }] : [];
    },
  );
  const times = failing.flatMap(({ oldest }) => (oldest ? [new Date(oldest).getTime()] : []));
  return {
    count: failing.length,
    oldestAt: times.length > 0 ? new Date(Math.min(...times)) : null,
    dueAt: null,
    tools: failing.map(({ oldest: _, ...tool }) => tool),
  };
}

const hourMs = 3_600_000;
