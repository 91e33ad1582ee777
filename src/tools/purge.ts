import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { and, eq, isNull, lt, notInArray, sql } from "drizzle-orm";
import { config } from "#platform/config";
import { db } from "#platform/db";
import { log } from "#platform/log";
import { deleteFile, deleteFolder, draftsPath } from "#platform/storage";
import { runChunks, runs, toolCalls, uploads } from "#schema";
import { runFolder } from "./run-execute";

/**
 * Deletes what is past its time, a few at a time. Bytes first, then the mark: whoever dies in between leaves
 * work that the next purge repeats, never bytes that nobody knows of.
 */

const batch = 50;
const strayHours = 24;
/** So many files that the storage refuses mean that it is down: the next purge tries again. */
const maxRefused = 20;

/** `refused`: what the storage would not delete; it is tried again by the next purge. */
export type Purged = { uploads: number; runs: number; refused: number };

export async function purgeFiles(): Promise<Purged> {
  const refused = new Set<string>();
  const uploads = await purgeEach(refused, dueUploads, purgeUpload);
  const runs = await purgeEach(refused, dueRuns, purgeRun);
  const { dataDir } = config();
  for (const folder of [join(dataDir, "tmp"), join(dataDir, "work"), draftsPath()])
    await removeStrays(folder);
  return { uploads, runs, refused: refused.size };
}

/** One thing that cannot be deleted keeps no other from being deleted. */
async function purgeEach<Due extends { id: string }>(
  refused: Set<string>,
  findDue: (except: readonly string[]) => Promise<Due[]>,
  purge: (due: Due) => Promise<void>,
): Promise<number> {
  let purged = 0;
  for (;;) {
    const due = await findDue([...refused]);
    for (const one of due) {
      if (refused.size >= maxRefused) return purged;
      try {
        await purge(one);
        purged += 1;
      } catch (error) {
        refused.add(one.id);
        log().warn({ err: error, id: one.id }, "what is past its time could not be deleted");
      }
    }
    if (due.length < batch) return purged;
  }
}

/** Past its time, and named by no run that still waits or works: that may last longer than a visitor's hour. */
const isUploadDue = and(
  lt(uploads.expiresAt, sql`now()`),
  isNull(uploads.deletedAt),
  sql`not exists (
    select 1 from ${runs}
    where ${runs.status} in ('queued', 'running') and ${runs.uploadIds} @> array[${uploads.id}]
  )`,
);

const isRunDue = and(
  lt(runs.expiresAt, sql`now()`),
  isNull(runs.purgedAt),
  notInArray(runs.status, ["queued", "running"]),
);

type DueUpload = { id: string; storageKey: string };

function dueUploads(except: readonly string[]): Promise<DueUpload[]> {
  return db()
    .select({ id: uploads.id, storageKey: uploads.storageKey })
    .from(uploads)
    .where(and(isUploadDue, notInArray(uploads.id, [...except])))
    .orderBy(uploads.expiresAt)
    .limit(batch);
}

async function purgeUpload({ id, storageKey }: DueUpload): Promise<void> {
  await db().transaction(async (tx) => {
    // Looked at again under its lock: a run that begins at this moment keeps it.
    const [still] = await tx
      .select({ id: uploads.id })
      .from(uploads)
      .where(and(eq(uploads.id, id), isUploadDue))
      .for("update");
    if (!still) return;
    await deleteFile(storageKey);
    await tx.update(uploads).set({ deletedAt: sql`now()` }).where(eq(uploads.id, id));
  });
}

function dueRuns(except: readonly string[]): Promise<{ id: string }[]> {
  return db()
    .select({ id: runs.id })
    .from(runs)
    .where(and(isRunDue, notInArray(runs.id, [...except])))
    .orderBy(runs.expiresAt)
    .limit(batch);
}

/** Results and input go, the row stays as a line of history. Of a visitor nothing stays. */
async function purgeRun({ id }: { id: string }): Promise<void> {
  await db().transaction(async (tx) => {
    // Looked at again under its lock: a visitor who signs in at this moment keeps it.
    const [still] = await tx
      .select({ visitorId: runs.visitorId })
      .from(runs)
      .where(and(eq(runs.id, id), isRunDue))
      .for("update");
    if (!still) return;
    await deleteFolder(runFolder(id));
    if (still.visitorId) {
      await tx.delete(runs).where(eq(runs.id, id));
      return;
    }
    await tx.delete(runChunks).where(eq(runChunks.runId, id));
    await tx.delete(toolCalls).where(eq(toolCalls.runId, id));
    await tx
      .update(runs)
      .set({ purgedAt: sql`now()`, input: {}, facts: null, errorMessage: null })
      .where(eq(runs.id, id));
  });
}

/** What a process that was killed had on this machine's disk. */
async function removeStrays(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names) {
    const path = join(folder, name);
    const info = await stat(path).catch(() => null);
    if (info && Date.now() - info.mtimeMs > strayHours * 3_600_000)
      await rm(path, { recursive: true, force: true });
  }
}
