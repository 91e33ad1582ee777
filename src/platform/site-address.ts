import "#server-only";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { config } from "./config";
import { isAlive } from "./postgres-lock";

/**
 * Where the site runs that uses this data folder. A command has settings of its own, so it cannot tell by
 * PORT: the site may have been started with another.
 */

const schema = z.object({ pid: z.int(), url: z.url() });
const file = () => join(config().dataDir, "running.json");

/** Called by a site that serves, with its own address. @returns a function that takes it back */
export function writeAddress(): () => void {
  mkdirSync(config().dataDir, { recursive: true });
  writeFileSync(file(), JSON.stringify({ pid: process.pid, url: config().baseUrl }));
  return () => {
    // Another process on the same folder may have come since.
    if (readFile()?.pid === process.pid) rmSync(file(), { force: true });
  };
}

/** The address of the running site; null when none answers. */
export async function findAddress(): Promise<string | null> {
  const written = readFile();
  if (!written || !isAlive(written.pid)) return null;
  const answers = await fetch(`${written.url}/healthz`, { signal: AbortSignal.timeout(2_000) }).then(
    () => true,
    () => false,
  );
  return answers ? written.url : null;
}

/** What an interrupted write or a killed process left counts as nothing. */
function readFile(): z.infer<typeof schema> | null {
  try {
    return schema.parse(JSON.parse(readFileSync(file(), "utf8")));
  } catch {
    return null;
  }
}
