import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { connectStripe, syncCatalogue } from "#billing";
import { config } from "#platform/config";
import { onShutdown } from "#platform/shutdown";
import { startStripeSandbox } from "#sandbox/stripe";

/**
 * Payments on a development site without keys: the sandbox in this process, connected as Stripe would be.
 * Never in production, where without keys nothing is sold.
 */
export async function openDevStripe(): Promise<string> {
  const { baseUrl, dataDir } = config();
  const webhookSecret = `whsec_${randomBytes(24).toString("base64url")}`;
  const sandbox = await startStripeSandbox({
    file: join(dataDir, "stripe.jsonl"),
    webhook: { url: `${baseUrl}/api/webhooks/stripe`, secret: webhookSecret },
  });
  onShutdown("connections", "stripe sandbox", sandbox.stop);
  connectStripe({ url: sandbox.url, secretKey: sandbox.secretKey, webhookSecret });
  await syncCatalogue();
  return sandbox.url;
}
