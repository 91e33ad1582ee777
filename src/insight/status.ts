import { and, asc, desc, gte, inArray, isNull, or, sql } from "drizzle-orm";
import { db } from "#platform/db";
import { incidents, incidentUpdates, probeDays, probes } from "#schema";
import { type Part, parts } from "./probe";

/** What the status page says: of each part its last ninety days and how it is now, and what went wrong. */

export type DayStatus = {
  /** In UTC. */
  day: string;
  /** How many minutes it answered and did not; of the others nothing is known. */
  up: number;
  down: number;
};

export type PartStatus = {
  part: Part;
  /** By the latest probe; null when there is none of the last minutes. */
  up: boolean | null;
  /** Ninety of them, the earliest first. */
  days: DayStatus[];
  /** The share of the minutes that are known, or null. */
  uptime: number | null;
};

export type Incident = typeof incidents.$inferSelect & {
  /** The newest first. */
  updates: (typeof incidentUpdates.$inferSelect)[];
};

export type Status = { at: Date; parts: PartStatus[]; incidents: Incident[] };

export const shownDays = 90;
/** A probe older than that says nothing of now. */
const freshMinutes = 3;

/** Parts that were never looked at are not there, but for those that every site has. */
export async function readStatus(at: Date = new Date()): Promise<Status> {
  const since = new Date(at.getTime() - (shownDays - 1) * 86_400_000).toISOString().slice(0, 10);
  const fresh = new Date(at.getTime() - freshMinutes * 60_000);
  const [days, latest, listed] = await Promise.all([
    db().select().from(probeDays).where(gte(probeDays.day, since)),
    db()
      .select()
      .from(probes)
      .where(and(gte(probes.at, fresh), inArray(probes.part, parts)))
      .orderBy(desc(probes.at)),
    listIncidents(new Date(`${since}T00:00:00Z`)),
  ]);
  const always: readonly Part[] = ["web", "api", "worker"];
  const known = parts.filter((part) => always.includes(part) || days.some((day) => day.part === part));
  return {
    at,
    incidents: listed,
    parts: known.map((part) => {
      const own = days.filter((day) => day.part === part);
      const up = own.reduce((sum, day) => sum + day.up, 0);
      const down = own.reduce((sum, day) => sum + day.down, 0);
      const last = latest.find((probe) => probe.part === part);
      return {
        part,
        up: last ? last.up === 1 : null,
        uptime: up + down > 0 ? up / (up + down) : null,
        days: daysSince(since).map((day) => {
          const { up = 0, down = 0 } = own.find((one) => one.day === day) ?? {};
          return { day, up, down };
        }),
      };
    }),
  };
}

function daysSince(since: string): string[] {
  const first = Date.parse(`${since}T00:00:00Z`);
  return Array.from({ length: shownDays }, (_, index) =>
    new Date(first + index * 86_400_000).toISOString().slice(0, 10),
  );
}

/** What is open, and what began since; open ones first, then the newest. */
export async function listIncidents(since: Date): Promise<Incident[]> {
  const rows = await db()
    .select()
    .from(incidents)
    .where(or(isNull(incidents.resolvedAt), gte(incidents.startedAt, since)))
    .orderBy(sql`${incidents.resolvedAt} is not null`, desc(incidents.startedAt))
    .limit(100);
  if (rows.length === 0) return [];
  const ids = rows.map(({ id }) => id);
  const updates = await db()
    .select()
    .from(incidentUpdates)
    .where(inArray(incidentUpdates.incidentId, ids))
    .orderBy(asc(incidentUpdates.id));
  return rows.map((row) => ({
    ...row,
    updates: updates.filter(({ incidentId }) => incidentId === row.id).reverse(),
  }));
}
