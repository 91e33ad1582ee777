import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { and, eq, isNull, lt, notInArray, sql } from "drizzle-orm";
import { config } from "#platform/config";
import { db } from "#platform/db";
import { deleteFile, deleteFolder } from "#platform/storage";
import { runChunks, runs, uploads } from "#schema";
import { runFolder } from "./run-execute";

/**
 * Deletes what is past its time, a few at a time. Bytes first, then the mark: whoever dies in between leaves
 * work that the next purge repeats, never bytes that nobody knows of.
 */

const batch = 50;
const strayHours = 24;

export type Purged = { uploads: number; runs: number };

export async function purgeFiles(): Promise<Purged> {
  const purged = { uploads: await inBatches(purgeUploads), runs: await inBatches(purgeRuns) };
  for (const folder of ["tmp", "work"]) await removeStrays(join(config().dataDir, folder));
  return purged;
}

async function inBatches(purge: () => Promise<number>): Promise<number> {
  let total = 0;
  for (;;) {
    const done = await purge();
    total += done;
    if (done < batch) return total;
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

async function purgeUploads(): Promise<number> {
  const due = await db()
    .select({ id: uploads.id, storageKey: uploads.storageKey })
    .from(uploads)
    .where(isUploadDue)
    .orderBy(uploads.expiresAt)
    .limit(batch);
  for (const { id, storageKey } of due) {
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
  return due.length;
}

/** Results and input go, the row stays as a line of history. Of a visitor nothing stays. */
async function purgeRuns(): Promise<number> {
  const due = await db()
    .select({ id: runs.id, visitorId: runs.visitorId })
    .from(runs)
    .where(
      and(
        lt(runs.expiresAt, sql`now()`),
        isNull(runs.purgedAt),
        notInArray(runs.status, ["queued", "running"]),
      ),
    )
    .orderBy(runs.expiresAt)
    .limit(batch);
  for (const { id, visitorId } of due) {
    await deleteFolder(runFolder(id));
    await db().transaction(async (tx) => {
      if (visitorId) {
        await tx.delete(runs).where(and(eq(runs.id, id), eq(runs.visitorId, visitorId)));
        return;
      }
      await tx.delete(runChunks).where(eq(runChunks.runId, id));
      await tx.update(runs).set({ purgedAt: sql`now()`, input: {} }).where(eq(runs.id, id));
    });
  }
  return due.length;
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
