import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { singleton } from "#platform/singleton";
import type { StripeSandbox } from "./server";

/** The sandbox of this development site. */

export type { StripeSandbox };
export const runningSandbox = singleton<StripeSandbox>("sandbox.stripe");

const connection = z.object({ url: z.url(), secretKey: z.string(), webhookSecret: z.string() });
export type SandboxConnection = z.output<typeof connection>;

const fileIn = (dataDir: string) => join(dataDir, "stripe", "connection.json");

/** Tells other processes of the site, such as the operator's verbs, where it runs. */
export function writeConnection(dataDir: string, found: SandboxConnection): void {
  writeFileSync(fileIn(dataDir), JSON.stringify(found));
}

/** Where it runs, or ran last; null when this site never had one. */
export function readConnection(dataDir: string): SandboxConnection | null {
  const file = fileIn(dataDir);
  return existsSync(file) ? connection.parse(JSON.parse(readFileSync(file, "utf8"))) : null;
}
