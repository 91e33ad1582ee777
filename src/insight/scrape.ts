import { sql } from "drizzle-orm";
import { db } from "#platform/db";
import { processMetrics } from "#platform/metrics";
import { allResponses, bucketBoundsMs } from "#platform/response-times";
import { bufferState } from "./event-buffer";

/** What /metrics answers: this process's figures, and those of the whole site that stand in the database. */
export async function readMetrics(): Promise<{ contentType: string; text: string }> {
  const { registry } = processMetrics();
  const text = [await registry.metrics(), responseLines(), processLines(), await siteLines()].join("\n");
  return { contentType: registry.contentType, text: `${text.trimEnd()}\n` };
}

function responseLines(): string {
  const name = "toolmint_http_response_seconds";
  const lines = [`# HELP ${name} How long answers took, by route.`, `# TYPE ${name} histogram`];
  for (const { route, method, statusClass, requests, sumMs, buckets } of allResponses()) {
    const labels = `route="${inQuotes(route)}",method="${inQuotes(method)}",status="${statusClass}xx"`;
    let below = 0;
    for (const [index, boundMs] of bucketBoundsMs.entries()) {
      below += buckets[index] ?? 0;
      lines.push(`${name}_bucket{${labels},le="${boundMs / 1000}"} ${below}`);
    }
    lines.push(`${name}_bucket{${labels},le="+Inf"} ${requests}`);
    lines.push(`${name}_sum{${labels}} ${sumMs / 1000}`, `${name}_count{${labels}} ${requests}`);
  }
  return lines.join("\n");
}

function processLines(): string {
  const { totalCount, idleCount, waitingCount } = db().$client;
  const { waiting, dropped } = bufferState();
  return [
    ...gauge("toolmint_database_connections", "Connections of this process's pool.", [
      ['state="used"', totalCount - idleCount],
      ['state="idle"', idleCount],
    ]),
    ...gauge("toolmint_database_waiting", "Who waits for a connection of the pool.", [["", waitingCount]]),
    ...gauge("toolmint_events_waiting", "Product events that wait to be written.", [["", waiting]]),
    "# HELP toolmint_events_dropped_total Product events that were dropped.",
    "# TYPE toolmint_events_dropped_total counter",
    `toolmint_events_dropped_total ${dropped}`,
  ].join("\n");
}

type SiteRow = { name: string; label: string | null; value: number | null };

/** Not known while the database is away: then the lines are missing, and the process's own still come. */
async function siteLines(): Promise<string> {
  const up = (value: number) => gauge("toolmint_database_up", "1: the database answers.", [["", value]]);
  try {
    const { rows } = await db().execute<SiteRow>(sql`
      select 'jobs' as name, case when attempts >= max_attempts then 'failed'
        when locked_at is not null then 'running' when run_at <= now() then 'due' else 'later' end as label,
        count(*)::float8 as value
      from graphile_worker.jobs group by 2
      union all
      select 'oldest_job', null, coalesce(extract(epoch from now() - min(run_at)), 0)::float8
      from graphile_worker.jobs where locked_at is null and run_at <= now() and attempts < max_attempts
      union all
      select 'runs', status, count(*)::float8 from runs where status in ('queued', 'running') group by status
      union all
      select 'stripe_events', status, count(*)::float8 from stripe_events
      where status in ('waiting', 'failed') group by status
      union all
      select 'webhook_lag', null, coalesce(extract(epoch from now() - min(received_at)), 0)::float8
      from stripe_events where status = 'waiting'`);
    const of = (name: string): [string, number][] =>
      rows
        .filter((row) => row.name === name)
        .map(({ label, value }) => [label === null ? "" : `state="${inQuotes(label)}"`, value ?? 0]);
    return [
      ...up(1),
      ...gauge("toolmint_jobs", "Jobs of the whole site.", of("jobs")),
      ...gauge(
        "toolmint_job_oldest_due_seconds",
        "How long the oldest due job has waited.",
        of("oldest_job"),
      ),
      ...gauge("toolmint_runs", "Runs that wait or run.", of("runs")),
      ...gauge("toolmint_stripe_events", "Stripe's events that wait or were given up.", of("stripe_events")),
      ...gauge("toolmint_webhook_lag_seconds", "How long the oldest event has waited.", of("webhook_lag")),
    ].join("\n");
  } catch {
    return up(0).join("\n");
  }
}

function gauge(name: string, help: string, values: readonly [labels: string, value: number][]): string[] {
  if (values.length === 0) return [];
  const lines = values.map(([labels, value]) => `${name}${labels && `{${labels}}`} ${value}`);
  return [`# HELP ${name} ${help}`, `# TYPE ${name} gauge`, ...lines];
}

function inQuotes(label: string): string {
  return label.replace(/\\/g, "\\\\").replace(/"/g, '\\"').replace(/\n/g, "\\n");
}
