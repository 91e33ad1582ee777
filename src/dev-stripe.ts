import { connectStripe, syncCatalogue } from "#billing";
import { config } from "#platform/config";
import { onShutdown } from "#platform/shutdown";
import { startSiteSandbox } from "#sandbox/stripe";

/**
 * Payments on a development site without keys: the sandbox in this process, connected as Stripe would be.
 * Never in production, where without keys nothing is sold.
 */
export async function openDevStripe(): Promise<string> {
  const { url, secretKey, webhookSecret, stop } = await startSiteSandbox(config());
  onShutdown("connections", "stripe sandbox", stop);
  connectStripe({ url, secretKey, webhookSecret });
  await syncCatalogue();
  return url;
}
