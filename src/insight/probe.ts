import { connect } from "node:net";
import { connect as connectSecurely } from "node:tls";
import { sql } from "drizzle-orm";
import type { Task } from "graphile-worker";
import { sells } from "#billing";
import { config } from "#platform/config";
import { db } from "#platform/db";
import { newId } from "#platform/id";
import { log } from "#platform/log";
import { mailIsSent } from "#platform/mail";

/**
 * The site's own probes: each minute the worker asks each part as others would, and writes down what it found.
 * A minute without a row is one in which nobody looked: it is not known, and shown so.
 */

export const parts = ["web", "api", "worker", "payments", "mail"] as const;
export type Part = (typeof parts)[number];

export type Found = { part: Part; up: boolean; ms: number; error: string | null };

const answerMs = 10_000;
/** A job that has been due for so long says that nobody takes jobs, or too few do. */
const dueMinutes = 5;
/** So many probes in a row make an incident, and end it. */
const inARow = 3;
const keptDays = 90;

/** Asks every part that this site has. */
export async function probeParts(): Promise<Found[]> {
  const { baseUrl, STRIPE_SECRET_KEY, STRIPE_API_BASE, SMTP_URL } = config();
  const asked: Promise<Found>[] = [
    look("web", () => answers(`${baseUrl}/`)),
    look("api", () => answers(`${baseUrl}/healthz`)),
    look("worker", jobsAreTaken),
  ];
  // Anything but a fault of theirs: without a key the answer is no, and still an answer.
  if (sells() && STRIPE_SECRET_KEY)
    asked.push(look("payments", () => answers(STRIPE_API_BASE ?? "https://api.stripe.com", 499)));
  if (mailIsSent() && SMTP_URL) asked.push(look("mail", () => greets(new URL(SMTP_URL))));
  return Promise.all(asked);
}

/** Writes down what was found in this minute, once, and what follows from it. */
export async function noteProbes(found: readonly Found[], at: Date = new Date()): Promise<void> {
  const rows = found.map(({ up, ...one }) => ({ ...one, up: up ? 1 : 0, ms: Math.round(one.ms) }));
  const minute = sql`date_trunc('minute', ${at.toISOString()}::timestamptz)`;
  await db().transaction(async (tx) => {
    await tx.execute(sql`
      with written as (
        insert into probes (part, at, up, ms, error)
        select part, ${minute}, up, ms, error
        from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as f (part text, up smallint, ms int, error text)
        on conflict do nothing returning part, at, up
      )
      insert into probe_days (part, day, up, down)
      select part, (at at time zone 'UTC')::date, up, 1 - up from written
      on conflict (part, day) do update
        set up = probe_days.up + excluded.up, down = probe_days.down + excluded.down`);
    for (const { part } of found) {
      const { rows: last } = await tx.execute<{ all: number; up: number; since: string }>(sql`
        select count(*)::int as all, sum(up)::int as up, min(at)::text as since
        from (
          select at, up from probes
          where part = ${part} and at <= ${minute} and at > ${minute} - interval '5 minutes'
          order by at desc limit ${inARow}
        ) as last`);
      const [run] = last;
      if (run?.all !== inARow) continue;
      if (run.up === 0) {
        await tx.execute(sql`
          insert into incidents (id, part, origin, started_at)
          values (${newId("incident")}, ${part}, 'probe', ${run.since}::timestamptz) on conflict do nothing`);
      } else if (run.up === inARow) {
        await tx.execute(sql`
          update incidents set resolved_at = ${run.since}::timestamptz
          where part = ${part} and origin = 'probe' and resolved_at is null`);
      }
    }
  });
}

export const probe: Task = async () => {
  const found = await probeParts();
  for (const { part, up, error } of found) if (!up) log().warn({ part, error }, "a probe got no good answer");
  await noteProbes(found);
};

/** Deletes minutes and days that the page does not show. */
export async function forgetProbes(): Promise<void> {
  await db().execute(sql`delete from probes where at < now() - make_interval(days => ${keptDays})`);
  await db().execute(sql`
    delete from probe_days where day < (now() at time zone 'UTC')::date - ${keptDays}::int`);
}

async function look(part: Part, ask: () => Promise<void>): Promise<Found> {
  const begun = performance.now();
  try {
    await ask();
    return { part, up: true, ms: performance.now() - begun, error: null };
  } catch (error) {
    return { part, up: false, ms: performance.now() - begun, error: reasonOf(error) };
  }
}

/** What was wrong, without what an error's message may tell: addresses, and whatever else stood in it. */
function reasonOf(error: unknown): string {
  if (error instanceof BadAnswer) return error.message;
  if (error instanceof Error && error.name === "TimeoutError") return "no answer in 10 s";
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  return typeof cause === "object" && cause !== null && "code" in cause ? `${cause.code}` : "no answer";
}

class BadAnswer extends Error {
  override name = "BadAnswer";
}

async function answers(url: string, most = 399): Promise<void> {
  const answer = await fetch(url, {
    headers: { "User-Agent": "Toolmint-Probe", Accept: "text/html, application/json" },
    redirect: "manual",
    signal: AbortSignal.timeout(answerMs),
  });
  await answer.body?.cancel();
  if (answer.status > most) throw new BadAnswer(`answers ${answer.status}`);
}

async function jobsAreTaken(): Promise<void> {
  const { rows } = await db().execute<{ late: number }>(sql`
    select count(*)::int as late from graphile_worker.jobs
    where locked_at is null and attempts < max_attempts
      and run_at < now() - make_interval(mins => ${dueMinutes})`);
  if ((rows[0]?.late ?? 0) > 0) throw new BadAnswer(`jobs wait for more than ${dueMinutes} min`);
}

/** A mail server speaks first: 220. Nothing is sent, and nobody signs in. */
async function greets({ protocol, hostname, port }: URL): Promise<void> {
  const secure = protocol === "smtps:";
  const to = { host: hostname, port: Number(port) || (secure ? 465 : 587) };
  const socket = secure ? connectSecurely({ ...to, servername: hostname }) : connect(to);
  try {
    const greeting = await new Promise<string>((resolve, reject) => {
      socket.setTimeout(answerMs, () => reject(new BadAnswer("no greeting in 10 s")));
      socket.once("data", (data) => resolve(data.toString("latin1")));
      socket.once("error", reject);
      socket.once("close", () => reject(new BadAnswer("hung up")));
    });
    if (!greeting.startsWith("220")) throw new BadAnswer(`says ${greeting.slice(0, 3)}`);
  } finally {
    socket.on("error", () => undefined);
    socket.destroy();
  }
}
