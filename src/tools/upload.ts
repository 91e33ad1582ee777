import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { type Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { and, eq, gt, inArray, isNotNull, isNull, lte, or, sql } from "drizzle-orm";
import { config } from "#platform/config";
import { db, type Queryable, type Tx } from "#platform/db";
import { isId, newId } from "#platform/id";
import { Refusal } from "#platform/refusal";
import { deleteFile, openFile, storeFile } from "#platform/storage";
import { outputs, runs, uploads } from "#schema";
import { measureFile } from "./measure";
import type { Measure } from "./measure-message";
import { isOwnedBy, lockOwner, type Owner, ownerColumns, ownerId } from "./owner";
import type { ToolFile } from "./tool";
import { storageQuotaBytes, uploadLimits } from "./upload-limits";

/** Files that customers give us: checked by content, private, and gone after a day unless a run needs them. */

export type Upload = typeof uploads.$inferSelect;

const unusedHours = 24;
const visitorMinutes = 60;

type NewUpload = { owner: Owner; name: string; stream: Readable; idempotencyKey: string };

/**
 * Takes a file in. Its size is counted while it is read, its type and measures come from its content.
 * The same Idempotency-Key with the same bytes answers with the first upload, while that is there.
 * @throws Refusal upload_too_large, upload_unsupported, upload_corrupt, storage_full, idempotency_conflict, busy.
 */
export async function saveUpload({ owner, name, stream, idempotencyKey }: NewUpload): Promise<Upload> {
  const limits = await uploadLimits(owner);
  const folder = join(config().dataDir, "tmp");
  await mkdir(folder, { recursive: true });
  const path = join(folder, newId("file"));
  try {
    const { bytes, hash } = await receive(stream, path, limits.maxBytes);
    const measure = await measureFile(path, bytes, limits, ownerId(owner));
    const upload = await db().transaction((tx) =>
      claimRow(tx, { owner, name: cleanName(name), bytes, hash, measure, idempotencyKey }),
    );
    if (upload.storedAt) return upload;
    // The row came first: should this process die here, the purge finds it and nothing is left behind.
    await storeFile(upload.storageKey, path, upload.mediaType);
    const [stored] = await db()
      .update(uploads)
      .set({ storedAt: sql`now()` })
      .where(eq(uploads.id, upload.id))
      .returning();
    if (!stored) throw new Error(`upload ${upload.id} vanished while it was stored`);
    return stored;
  } finally {
    await rm(path, { force: true });
  }
}

/** @throws Refusal not_found, also for another's. */
export async function requireUpload(owner: Owner, id: string): Promise<Upload> {
  const [upload] = await findUploads(db(), owner, [id]);
  if (!upload) throw new Refusal("not_found");
  return upload;
}

/** Those of `ids` that the owner has, in the order of `ids`. Inside a transaction they are locked. */
export async function findUploads(
  queryable: Queryable,
  owner: Owner,
  ids: readonly string[],
  { lock = false } = {},
): Promise<Upload[]> {
  const wanted = ids.filter((id) => isId("upload", id));
  if (wanted.length === 0) return [];
  const query = queryable
    .select()
    .from(uploads)
    .where(
      and(
        inArray(uploads.id, wanted),
        isOwnedBy(uploads, owner),
        isNotNull(uploads.storedAt),
        isNull(uploads.deletedAt),
        gt(uploads.expiresAt, sql`now()`),
      ),
    )
    .orderBy(uploads.id);
  const found = new Map((await (lock ? query.for("update") : query)).map((row) => [row.id, row]));
  return wanted.flatMap((id) => found.get(id) ?? []);
}

/** The bytes of an upload. @throws Refusal not_found */
export async function openUpload(upload: Upload): Promise<Readable> {
  const stream = await openFile(upload.storageKey);
  if (!stream) throw new Refusal("not_found");
  return stream;
}

/**
 * Deletes an upload now.
 * @throws Refusal not_found; upload_in_use while a run that has not ended names it.
 */
export async function deleteUpload(owner: Owner, id: string): Promise<void> {
  const upload = await db().transaction(async (tx) => {
    const [found] = await findUploads(tx, owner, [id], { lock: true });
    if (!found) throw new Refusal("not_found");
    const [user] = await tx
      .select({ id: runs.id })
      .from(runs)
      .where(
        and(
          isOwnedBy(runs, owner),
          inArray(runs.status, ["queued", "running"]),
          sql`${runs.uploadIds} @> array[${id}]::text[]`,
        ),
      )
      .limit(1);
    if (user) throw new Refusal("upload_in_use", { run: user.id });
    // Out of sight first, also of a run whose transaction began before; if the next step fails, the purge repeats it.
    await tx.update(uploads).set({ expiresAt: sql`'epoch'` }).where(eq(uploads.id, id));
    return found;
  });
  await deleteFile(upload.storageKey);
  await db().update(uploads).set({ deletedAt: sql`now()` }).where(eq(uploads.id, id));
}

/** What a tool needs to know of an upload to price it. */
export function toolFile(upload: Upload): ToolFile {
  const { id, name, mediaType, bytes, width, height, pages } = upload;
  return {
    id,
    name,
    mediaType,
    bytes,
    ...(width !== null && { width }),
    ...(height !== null && { height }),
    ...(pages !== null && { pages }),
  };
}

async function receive(
  stream: Readable,
  path: string,
  maxBytes: number,
): Promise<{ bytes: number; hash: string }> {
  const hash = createHash("sha256");
  let bytes = 0;
  const counter = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      hash.update(chunk);
      if (bytes > maxBytes) done(new Refusal("upload_too_large", { maxBytes }));
      else done(null, chunk);
    },
  });
  await pipeline(stream, counter, createWriteStream(path));
  return { bytes, hash: hash.digest("hex") };
}

type Claim = {
  owner: Owner;
  name: string;
  bytes: number;
  hash: string;
  measure: Measure;
  idempotencyKey: string;
};

async function claimRow(tx: Tx, claim: Claim): Promise<Upload> {
  const { owner, name, bytes, hash, measure, idempotencyKey } = claim;
  await lockOwner(tx, "uploads", owner);
  const isSame = and(isOwnedBy(uploads, owner), eq(uploads.idempotencyKey, idempotencyKey));
  // An upload that is gone answers nothing any more: its key is free for the file to be sent anew.
  const isGone = or(isNotNull(uploads.deletedAt), lte(uploads.expiresAt, sql`now()`));
  await tx.update(uploads).set({ idempotencyKey: null }).where(and(isSame, isGone));
  const [first] = await tx.select().from(uploads).where(isSame);
  if (first && (first.hash !== hash || first.name !== name)) throw new Refusal("idempotency_conflict");
  if (first) return first;
  await requireRoom(tx, owner, bytes);
  const id = newId("upload");
  const lifetimeMinutes = "accountId" in owner ? unusedHours * 60 : visitorMinutes;
  const [row] = await tx
    .insert(uploads)
    .values({
      id,
      ...ownerColumns(owner),
      name,
      bytes,
      hash,
      mediaType: measure.mediaType,
      width: measure.width ?? null,
      height: measure.height ?? null,
      pages: measure.pages ?? null,
      idempotencyKey,
      storageKey: `uploads/${id}`,
      expiresAt: sql`now() + make_interval(mins => ${lifetimeMinutes}::int)`,
    })
    .returning();
  if (!row) throw new Error("the upload's row was not written");
  return row;
}

/** @throws Refusal storage_full when so many bytes more are too many for their owner */
export async function requireRoom(queryable: Queryable, owner: Owner, bytes: number): Promise<void> {
  const usedBytes = await storedBytes(queryable, owner);
  const quotaBytes = storageQuotaBytes(owner);
  if (usedBytes + bytes > quotaBytes) throw new Refusal("storage_full", { usedBytes, quotaBytes });
}

/** What an owner keeps stored, in bytes: uploads and results. */
async function storedBytes(queryable: Queryable, owner: Owner): Promise<number> {
  const [given] = await queryable
    .select({ bytes: sql<string>`coalesce(sum(${uploads.bytes}), 0)::text` })
    .from(uploads)
    .where(and(isOwnedBy(uploads, owner), isNull(uploads.deletedAt)));
  const [made] = await queryable
    .select({ bytes: sql<string>`coalesce(sum(${outputs.bytes}), 0)::text` })
    .from(outputs)
    .innerJoin(runs, eq(runs.id, outputs.runId))
    .where(and(isOwnedBy(runs, owner), isNull(runs.purgedAt)));
  return Number(given?.bytes ?? 0) + Number(made?.bytes ?? 0);
}

/** A name to show and to download by: no path, no control characters, not endless. */
function cleanName(name: string): string {
  const base = name.split(/[/\\]/).at(-1) ?? "";
  const clean = base.replace(/\p{C}/gu, "").trim();
  const dot = clean.lastIndexOf(".");
  const extension = dot > 0 ? clean.slice(dot).slice(0, 20) : "";
  return clean.length <= 160 ? clean || "file" : clean.slice(0, 160 - extension.length) + extension;
}
