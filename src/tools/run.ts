import { and, asc, desc, eq, gte, inArray, isNotNull, lt, type SQL, sql } from "drizzle-orm";
import { db, type Queryable } from "#platform/db";
import { type Id, isId } from "#platform/id";
import { Refusal } from "#platform/refusal";
import { outputs, runChunks, runs, uploads } from "#schema";
import { isOwnedBy, type Owner } from "./owner";
import type { Upload } from "./upload";

/** A run is one use of a tool: a row, a URL, at most one charge. */

export const runStatuses = ["queued", "running", "succeeded", "failed", "canceled"] as const;
export type RunStatus = (typeof runStatuses)[number];
export type Run = Omit<typeof runs.$inferSelect, "id" | "status"> & { id: Id<"run">; status: RunStatus };
export type Output = typeof outputs.$inferSelect;

/** Why a run failed when its tool is not to blame; the tool's own reasons are ToolErrorCodes. */
export const runErrorCodes = ["worker_lost", "hold_expired", "waited_too_long"] as const;
export type RunErrorCode = (typeof runErrorCodes)[number];

export type RunFilter = {
  tool?: string | undefined;
  statuses?: readonly RunStatus[] | undefined;
  /** Begun at or after, and before. */
  from?: Date | undefined;
  to?: Date | undefined;
};

/** A run with what one sees of it. */
export type RunView = Run & {
  files: Upload[];
  outputs: Output[];
  /** What a streaming tool has written so far; null for the others. */
  text: string | null;
  /** 1 for the next; null unless it waits. */
  queuePosition: number | null;
};

/** @throws Refusal not_found, also for another's. */
export async function requireRun(owner: Owner, id: string, queryable: Queryable = db()): Promise<Run> {
  const [row] = isId("run", id)
    ? await queryable
        .select()
        .from(runs)
        .where(and(eq(runs.id, id), isOwnedBy(runs, owner)))
    : [];
  if (!row) throw new Refusal("not_found");
  return readRun(row);
}

/** The run that the owner began with this key; null when there is none. */
export async function findByKey(
  queryable: Queryable,
  owner: Owner,
  idempotencyKey: string,
): Promise<Run | null> {
  const [row] = await queryable
    .select()
    .from(runs)
    .where(and(isOwnedBy(runs, owner), eq(runs.idempotencyKey, idempotencyKey)));
  return row ? readRun(row) : null;
}

/** Any owner's run, for jobs; null when there is none. */
export async function findRun(id: string): Promise<Run | null> {
  const [row] = await db().select().from(runs).where(eq(runs.id, id));
  return row ? readRun(row) : null;
}

/** The run with its files, results and text. @throws Refusal not_found */
export async function viewRun(owner: Owner, id: string): Promise<RunView> {
  const [view] = await viewRuns([await requireRun(owner, id)]);
  if (!view) throw new Refusal("not_found");
  return view;
}

/** The owner's runs, newest first: those before `before` (a run's id), at most `limit`. */
export async function listRuns(
  owner: Owner,
  filter: RunFilter & { limit: number; before?: string | undefined },
): Promise<{ runs: RunView[]; nextBefore: string | null }> {
  const rows = await db()
    .select()
    .from(runs)
    .where(and(matches(owner, filter), filter.before ? lt(runs.id, filter.before) : undefined))
    .orderBy(desc(runs.id))
    .limit(filter.limit + 1);
  const page = rows.slice(0, filter.limit).map(readRun);
  return {
    runs: await viewRuns(page),
    nextBefore: rows.length > filter.limit ? (page.at(-1)?.id ?? null) : null,
  };
}

/** Every run that the filter lets through, newest first, a page at a time: for exports. */
export async function* eachRun(owner: Owner, filter: RunFilter): AsyncGenerator<Run> {
  let before: string | undefined;
  do {
    const rows = await db()
      .select()
      .from(runs)
      .where(and(matches(owner, filter), before ? lt(runs.id, before) : undefined))
      .orderBy(desc(runs.id))
      .limit(500);
    yield* rows.map(readRun);
    before = rows.length === 500 ? rows.at(-1)?.id : undefined;
  } while (before);
}

/** The owner's runs that have not ended. */
export async function listLive(owner: Owner): Promise<Run[]> {
  const rows = await db()
    .select()
    .from(runs)
    .where(and(isOwnedBy(runs, owner), inArray(runs.status, ["queued", "running"])))
    .orderBy(desc(runs.id));
  return rows.map(readRun);
}

/** How many of the owner's runs have not ended. */
export async function countRunning(owner: Owner, queryable: Queryable = db()): Promise<number> {
  return await queryable.$count(
    runs,
    and(isOwnedBy(runs, owner), inArray(runs.status, ["queued", "running"])),
  );
}

/** How long each tool usually takes: the median of its last hundred successes, in seconds. */
export async function medianSeconds(slugs: readonly string[]): Promise<Map<string, number>> {
  const { rows } = await db().execute<{ tool: string; seconds: number | null }>(sql`
    select tool, (
      select percentile_cont(0.5) within group (order by seconds) from (
        select extract(epoch from r.ended_at - r.started_at)::float8 as seconds
        from runs r where r.tool = t.tool and r.status = 'succeeded' and r.trial is null
        order by r.id desc limit 100
      ) last
    ) as seconds
    from unnest(${sql.param([...slugs])}::text[]) t(tool)`);
  return new Map(rows.flatMap(({ tool, seconds }) => (seconds === null ? [] : [[tool, seconds]])));
}

/** One result of a run. @throws Refusal not_found, also when it was deleted by its retention. */
export async function requireOutput(owner: Owner, runId: string, position: number): Promise<Output> {
  const run = await requireRun(owner, runId);
  const [output] = run.purgedAt
    ? []
    : await db()
        .select()
        .from(outputs)
        .where(and(eq(outputs.runId, run.id), eq(outputs.position, position)));
  if (!output) throw new Refusal("not_found");
  return output;
}

/** True once nothing about the run will change but its deletion. */
export function isOver(run: Pick<Run, "status">): boolean {
  return run.status !== "queued" && run.status !== "running";
}

/** A row as a run. @throws when the database holds what we never write */
export function readRun(row: typeof runs.$inferSelect): Run {
  const { id, status } = row;
  const known = runStatuses.find((one) => one === status);
  if (!isId("run", id) || !known) throw new Error(`run ${id} has status ${status}`);
  return { ...row, id, status: known };
}

async function viewRuns(page: readonly Run[]): Promise<RunView[]> {
  const ids = page.map(({ id }) => id);
  if (ids.length === 0) return [];
  const files = await db()
    .select()
    .from(uploads)
    .where(
      and(
        inArray(
          uploads.id,
          page.flatMap(({ uploadIds }) => uploadIds),
        ),
        isNotNull(uploads.storedAt),
      ),
    );
  const results = await db()
    .select()
    .from(outputs)
    .where(inArray(outputs.runId, ids))
    .orderBy(asc(outputs.position));
  const texts = await db()
    .select({ runId: runChunks.runId, text: sql<string>`string_agg(text, '' order by position)` })
    .from(runChunks)
    .where(inArray(runChunks.runId, ids))
    .groupBy(runChunks.runId);
  const positions = await queuePositions(page);
  return page.map((run) => ({
    ...run,
    files: run.uploadIds.flatMap((id) => files.find((file) => file.id === id) ?? []),
    outputs: results.filter(({ runId }) => runId === run.id),
    text: texts.find(({ runId }) => runId === run.id)?.text ?? null,
    queuePosition: positions.get(run.id) ?? null,
  }));
}

/** Places in the queue. Somebody with many runs waiting may be overtaken: it is an upper bound. */
async function queuePositions(page: readonly Run[]): Promise<Map<string, number>> {
  const waiting = page.filter(({ status }) => status === "queued").map(({ id }) => id);
  if (waiting.length === 0) return new Map();
  const { rows } = await db().execute<{ id: string; position: number }>(sql`
    select id, (
      select count(*)::int from runs r where r.status = 'queued' and r.id <= w.id
    ) as position
    from unnest(${sql.param(waiting)}::text[]) w(id)`);
  return new Map(rows.map(({ id, position }) => [id, position]));
}

function matches(owner: Owner, { tool, statuses, from, to }: RunFilter): SQL | undefined {
  return and(
    isOwnedBy(runs, owner),
    tool ? eq(runs.tool, tool) : undefined,
    statuses ? inArray(runs.status, [...statuses]) : undefined,
    from ? gte(runs.createdAt, from) : undefined,
    to ? lt(runs.createdAt, to) : undefined,
  );
}
