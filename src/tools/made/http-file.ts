import { createHmac, hkdfSync, timingSafeEqual } from "node:crypto";
import type { Readable } from "node:stream";
import { and, eq, isNotNull, isNull } from "drizzle-orm";
import { config } from "#platform/config";
import { db } from "#platform/db";
import { isId } from "#platform/id";
import { Refusal } from "#platform/refusal";
import { authSecret } from "#platform/secret";
import { openFile } from "#platform/storage";
import { runs, uploads } from "#schema";

/**
 * The files of a run's input, for the server that does it: a URL for each, signed, good while the run lasts and
 * not longer than it says. Whoever has it needs no session.
 */

type InputFile = { name: string; mediaType: string; bytes: number; open: () => Promise<Readable> };

/** @param position in the run's list of files, from 0 */
export function inputFileUrl(runId: string, position: number, lifetimeSeconds: number): string {
  const expires = Math.floor(Date.now() / 1000) + lifetimeSeconds;
  const query = new URLSearchParams({
    expires: `${expires}`,
    signature: signatureOf(runId, position, expires).toString("base64url"),
  });
  return `${config().baseUrl}/api/tool-files/${runId}/${position}?${query}`;
}

/** @throws Refusal not_found for a URL that is not ours, link_invalid once its time or its run is over */
export async function openInputFile(
  runId: string,
  position: number,
  { expires, signature }: { expires: number; signature: string },
): Promise<InputFile> {
  const right = signatureOf(runId, position, expires);
  const given = Buffer.from(signature, "base64url");
  if (given.length !== right.length || !timingSafeEqual(given, right)) throw new Refusal("not_found");
  if (expires * 1000 < Date.now()) throw new Refusal("link_invalid");
  const [run] = isId("run", runId)
    ? await db()
        .select({ status: runs.status, uploadIds: runs.uploadIds })
        .from(runs)
        .where(eq(runs.id, runId))
    : [];
  if (run?.status !== "queued" && run?.status !== "running") throw new Refusal("link_invalid");
  const [upload] = await db()
    .select()
    .from(uploads)
    .where(
      and(
        eq(uploads.id, run.uploadIds[position] ?? ""),
        isNotNull(uploads.storedAt),
        isNull(uploads.deletedAt),
      ),
    );
  if (!upload) throw new Refusal("link_invalid");
  const { name, mediaType, bytes, storageKey } = upload;
  const open = async () => {
    const stream = await openFile(storageKey);
    if (!stream) throw new Refusal("link_invalid");
    return stream;
  };
  return { name, mediaType, bytes, open };
}

function signatureOf(runId: string, position: number, expires: number): Buffer {
  const key = Buffer.from(hkdfSync("sha256", authSecret(), "", "toolmint tool files", 32));
  return createHmac("sha256", key).update(`${runId}.${position}.${expires}`).digest();
}
