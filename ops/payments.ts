import { connectStripe, sells } from "#billing";
import { config } from "#platform/config";
import { OperatorError } from "#platform/terminal";

/**
 * Connects to Stripe by the settings; on a development site without keys, to the sandbox of the site that
 * runs: its data is the site's.
 * @throws OperatorError when there is neither
 */
export async function connectPayments(): Promise<void> {
  if (sells()) return;
  const { production, dataDir } = config();
  // Loaded where it can be there only.
  const sandbox = production ? null : (await import("#sandbox/stripe")).readConnection(dataDir);
  if (sandbox && (await answers(sandbox.url))) return connectStripe(sandbox);
  throw new OperatorError(
    production
      ? "Set STRIPE_SECRET_KEY and STRIPE_WEBHOOK_SECRET first (docs/going-live.md)."
      : "Without keys the site's sandbox stands in, and it answers only while the site runs: start it in another terminal (npm start), or set STRIPE_SECRET_KEY and STRIPE_WEBHOOK_SECRET (docs/going-live.md).",
  );
}

/** Whatever it says: that somebody listens there is enough. */
async function answers(url: string): Promise<boolean> {
  return fetch(url, { signal: AbortSignal.timeout(5_000) }).then(
    () => true,
    () => false,
  );
}
