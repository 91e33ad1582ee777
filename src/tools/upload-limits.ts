import { config } from "#platform/config";
import { listTools } from "./catalog";
import type { MeasureLimits } from "./measure";
import type { Owner } from "./owner";

const megabyte = 1024 * 1024;
/** A visitor keeps a few files for an hour. */
const visitorQuotaBytes = 64 * megabyte;
const maxUnpackedBytes = 256 * megabyte;

export type UploadLimits = MeasureLimits & { maxBytes: number; quotaBytes: number };

/** What an upload may be at most: whatever some tool takes. The tool's own limits are checked with the run. */
export function uploadLimits(owner: Owner): UploadLimits {
  const visitor = "visitorId" in owner;
  const takers = listTools().flatMap((tool) => {
    if (!tool.files || (visitor && !tool.tryable)) return [];
    return [{ ...tool.files, ...(visitor ? tool.tryable : {}) }];
  });
  return {
    accept: new Set(takers.flatMap((files) => files.accept)),
    maxBytes: Math.max(0, ...takers.map((files) => files.maxBytes)),
    maxPixels: Math.max(0, ...takers.map((files) => files.maxPixels ?? 0)),
    maxUnpackedBytes,
    quotaBytes: visitor ? visitorQuotaBytes : config().STORAGE_QUOTA_MB * megabyte,
  };
}
