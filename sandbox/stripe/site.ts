import "#server-only";
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import type { Config } from "#platform/config";
import { moveMoney } from "./console";
import { readConnection, runningSandbox, type SandboxConnection, writeConnection } from "./running";
import { startStripeSandbox } from "./server";

/** The sandbox beside a development site that has no keys of its own. */

/** Starts it; what is bought in it outlives the process. */
export async function startSiteSandbox({
  dataDir,
  baseUrl,
}: Pick<Config, "dataDir" | "baseUrl">): Promise<SandboxConnection & { stop(): Promise<void> }> {
  const last = readConnection(dataDir);
  const webhookSecret = last?.webhookSecret ?? `whsec_${randomBytes(16).toString("hex")}`;
  const options = {
    file: join(dataDir, "stripe", "journal.jsonl"),
    webhook: { url: `${baseUrl}/api/webhooks/stripe`, secret: webhookSecret },
  };
  // The same port as last time, so that addresses that were handed out still lead somewhere.
  const port = Number(last ? new URL(last.url).port : 0);
  const sandbox = await startStripeSandbox({ ...options, port }).catch(() => startStripeSandbox(options));
  runningSandbox.set(sandbox);
  // Both clocks outlive the process, each in its own place: the sandbox's is the one that was set.
  if (sandbox.control.lead() > 0) await moveMoney(sandbox.control.now());
  const connection = { url: sandbox.url, secretKey: sandbox.secretKey, webhookSecret };
  writeConnection(dataDir, connection);
  return {
    ...connection,
    async stop() {
      runningSandbox.clear();
      await sandbox.stop();
    },
  };
}
