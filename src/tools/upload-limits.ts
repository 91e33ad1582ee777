import { readAllowed } from "#billing/entitlements";
import { config } from "#platform/config";
import { db } from "#platform/db";
import { Refusal } from "#platform/refusal";
import type { MeasureLimits } from "./measure";
import type { Owner } from "./owner";
import { listTools } from "./published";
import { fileLimits } from "./tool";

const megabyte = 1024 * 1024;
/** A visitor keeps a few files for an hour. */
const visitorQuotaBytes = 64 * megabyte;
const maxUnpackedBytes = 256 * megabyte;

export type UploadLimits = MeasureLimits & { maxBytes: number };

/** What an upload may be at most: whatever some tool takes and the plan allows. The tool's own limits are checked with the run. */
export async function uploadLimits(owner: Owner): Promise<UploadLimits> {
  const visitor = "visitorId" in owner;
  const allowed = visitor ? null : await readAllowed(db(), owner.accountId);
  const takers = (await listTools()).flatMap((tool) => {
    if (!tool.files || (visitor && !tool.tryable)) return [];
    return [fileLimits(tool.files, visitor ? tool.tryable : undefined)];
  });
  return {
    accept: new Set(takers.flatMap((files) => files.accept)),
    maxBytes: Math.min(
      Math.max(0, ...takers.map((files) => files.maxBytes)),
      allowed ? allowed.fileMb * megabyte : Number.POSITIVE_INFINITY,
    ),
    maxPixels: Math.max(0, ...takers.map((files) => files.maxPixels ?? 0)),
    maxUnpackedBytes,
  };
}

/** Files may have been uploaded under a larger plan. @throws Refusal upload_too_large */
export function requireAllowedSize(
  files: readonly { bytes: number }[],
  { fileMb }: { fileMb: number },
): void {
  const maxBytes = fileMb * megabyte;
  if (files.some(({ bytes }) => bytes > maxBytes)) throw new Refusal("upload_too_large", { maxBytes });
}

/** How much an owner may keep stored in all, uploads and results. */
export function storageQuotaBytes(owner: Owner): number {
  return "visitorId" in owner ? visitorQuotaBytes : config().STORAGE_QUOTA_MB * megabyte;
}
