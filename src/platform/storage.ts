import "#server-only";
import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { Disk } from "flydrive";
import { FSDriver } from "flydrive/drivers/fs";
import { type Config, config } from "./config";
import { newId } from "./id";
import { singleton } from "./singleton";

/**
 * Bytes of customers: uploads and results. On the local disk under DATA_DIR/files, or in a bucket of any
 * S3-compatible service. Nothing here is public; the API hands out what its owner may see.
 */

/** Where files of the local disk are until they are whole; what stays there was left by a process that died. */
const draftsFolder = "drafts";

const slot = singleton<Promise<Disk>>("storage");

function disk(): Promise<Disk> {
  return slot.once(() => openDisk(config()));
}

async function openDisk(settings: Config): Promise<Disk> {
  if (settings.STORAGE_DRIVER === "local") {
    return new Disk(new FSDriver({ location: localPath(""), visibility: "private" }));
  }
  // Loaded only where it is configured: the SDK is large.
  const { S3Driver } = await import("flydrive/drivers/s3");
  const { S3_ACCESS_KEY_ID: accessKeyId, S3_SECRET_ACCESS_KEY: secretAccessKey } = settings;
  return new Disk(
    new S3Driver({
      bucket: settings.S3_BUCKET ?? "",
      region: settings.S3_REGION ?? "auto",
      visibility: "private",
      // Buckets are private by their own policy; many services know no ACL.
      supportsACL: false,
      // The SDK's own checksums travel as trailers, which not every compatible service reads.
      requestChecksumCalculation: "WHEN_REQUIRED",
      responseChecksumValidation: "WHEN_REQUIRED",
      ...(settings.S3_ENDPOINT && { endpoint: settings.S3_ENDPOINT, forcePathStyle: true }),
      ...(accessKeyId && secretAccessKey && { credentials: { accessKeyId, secretAccessKey } }),
    }),
  );
}

/** The folder of this machine in which drafts lie. */
export function draftsPath(): string {
  return localPath(draftsFolder);
}

function localPath(key: string): string {
  return join(config().dataDir, "files", key);
}

/** Stores a file of this machine under `key`, replacing what was there at once: nobody reads half of either. */
export function storeFile(key: string, path: string, mediaType: string): Promise<void> {
  return putWhole(key, (files, name) =>
    files.putStream(name, createReadStream(path), { contentType: mediaType }),
  );
}

/** Stores a text under `key`, replacing what was there at once. */
export function storeText(key: string, text: string, mediaType: string): Promise<void> {
  return putWhole(key, (files, name) => files.put(name, text, { contentType: mediaType }));
}

/** A bucket has an object when all of it has arrived; a file of a folder gets its name then. */
async function putWhole(key: string, put: (files: Disk, name: string) => Promise<void>): Promise<void> {
  const files = await disk();
  if (config().STORAGE_DRIVER !== "local") return put(files, key);
  const draft = `${draftsFolder}/${newId("file")}`;
  const path = localPath(key);
  try {
    await put(files, draft);
    await mkdir(dirname(path), { recursive: true });
    await rename(localPath(draft), path);
  } catch (error) {
    // On a full disk each try would leave one more.
    await rm(localPath(draft), { force: true });
    throw error;
  }
}

/** The bytes under `key`, or null when there are none. */
export async function openFile(key: string): Promise<Readable | null> {
  const files = await disk();
  return (await files.exists(key)) ? files.getStream(key) : null;
}

/** Writes the bytes under `key` to a file of this machine. @throws when there are none. */
export async function fetchFile(key: string, path: string): Promise<void> {
  const stream = await openFile(key);
  if (!stream) throw new Error(`storage has nothing under ${key}`);
  await pipeline(stream, createWriteStream(path));
}

/** Deletes the bytes under `key`; fine when there are none. */
export async function deleteFile(key: string): Promise<void> {
  await (await disk()).delete(key);
}

/** Deletes everything whose key begins with `folder` and a slash. */
export async function deleteFolder(folder: string): Promise<void> {
  // The disk would cut the slash off again, and a bucket's prefix "runs/a" takes "runs/ab" along.
  await (await disk()).driver.deleteAll(`${folder.replace(/\/+$/, "")}/`);
}
