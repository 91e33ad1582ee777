import { startStripeSandbox } from "./server";

/** `npx tsx sandbox/stripe/start.ts [port] [webhook address]`: the sandbox as a server of its own. */
const [port = "4012", url] = process.argv.slice(2);
const secret = "whsec_sandbox";
const sandbox = await startStripeSandbox({
  port: Number(port),
  ...(url ? { webhook: { url, secret } } : {}),
});
console.log(`Payments for development:\nSTRIPE_API_BASE=${sandbox.url}`);
console.log(`STRIPE_SECRET_KEY=${sandbox.secretKey}\nSTRIPE_WEBHOOK_SECRET=${secret}`);
process.once("SIGINT", () => void sandbox.stop());
process.once("SIGTERM", () => void sandbox.stop());
