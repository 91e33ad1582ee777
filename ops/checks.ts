import { randomBytes } from "node:crypto";
import { text } from "node:stream/consumers";
import { sql } from "drizzle-orm";
import { countOfOtherMode, countUnknown, countUnsynced, sells, takesRealMoney } from "#billing";
import { hasOwner } from "#identity";
import { config } from "#platform/config";
import type { DatabaseServer } from "#platform/database-server";
import { db } from "#platform/db";
import { countFailedMails, mailIsSent, testMailServer } from "#platform/mail";
import { pendingMigrations } from "#platform/migrate";
import { findAddress } from "#platform/site-address";
import { deleteFile, openFile, storeText } from "#platform/storage";
import { counted } from "#platform/terminal";
import { countWorkers } from "#platform/worker-lock";

/**
 * What `doctor` looks at, each with a sentence that says what to do. `off` is not a failure: nothing was
 * configured, and the sentence says which feature does without it.
 */
export type Check = { name: string; state: "works" | "off" | "fails"; sentence: string };

export const checks: readonly ((server: DatabaseServer) => Promise<Check>)[] = [
  mode,
  database,
  worker,
  mail,
  storage,
  model,
  payments,
  owner,
];

async function mode(): Promise<Check> {
  const { production, baseUrl } = config();
  if (production) return { name: "site", state: "works", sentence: `Production, at ${baseUrl}.` };
  const running = await findAddress();
  const where = running
    ? `Development, running at ${running}: this machine only.`
    : `Development, not running: \`npm start\` serves ${baseUrl} (PORT sets another), to this machine only.`;
  const sentence = `${where} Set BASE_URL to the site's address to go live.`;
  return { name: "site", state: "works", sentence };
}

async function database({ url, embedded }: DatabaseServer): Promise<Check> {
  return attempt("database", "Check DATABASE_URL.", async () => {
    const { rows } = await db().execute<{ version: string }>(
      sql`select current_setting('server_version') as version`,
    );
    const pending = await pendingMigrations(db().$client);
    const where = embedded ? "embedded" : new URL(url).host;
    const state = pending.length === 0 ? "up to date" : `the next start applies ${pending.join(", ")}`;
    return `PostgreSQL ${rows[0]?.version} (${where}), ${state}.`;
  });
}

async function worker(): Promise<Check> {
  return attempt(
    "worker",
    "It needs the database.",
    async () => {
      const running = await countWorkers(db().$client);
      return running > 0
        ? `${counted(running, "worker process takes", "worker processes take")} jobs.`
        : null;
    },
    "None runs: jobs wait until `npm start` runs again.",
  );
}

async function mail(): Promise<Check> {
  if (!mailIsSent()) {
    const sentence = config().production
      ? `Set SMTP_URL and MAIL_FROM: without them nobody gets the mail that confirms an address.${await unsent()}`
      : "SMTP_URL is not set: mails are shown at /dev/mailbox instead.";
    return { name: "mail", state: "off", sentence };
  }
  return attempt("mail", "Check SMTP_URL.", async () => {
    await testMailServer();
    return `${new URL(config().SMTP_URL ?? "").host} takes mail from ${config().MAIL_FROM}.${await unsent()}`;
  });
}

/** Mails that were given up; their `error` says why. Nothing when the database is not there to ask. */
async function unsent(): Promise<string> {
  const count = await countFailedMails().catch(() => 0);
  if (count === 0) return "";
  return ` ${count} of the last 7 days could not be sent: select recipient, kind, error from mails where status = 'failed'.`;
}

async function storage(): Promise<Check> {
  const { STORAGE_DRIVER, S3_BUCKET, dataDir } = config();
  const remedy =
    STORAGE_DRIVER === "s3" ? "Check the S3_ settings." : `Check the rights on ${dataDir}/files.`;
  return attempt("files", remedy, async () => {
    const key = `doctor/${randomBytes(8).toString("hex")}`;
    await storeText(key, key, "text/plain");
    const stored = await openFile(key);
    const read = stored ? await text(stored) : null;
    await deleteFile(key);
    if (read !== key) throw new Error("what was written could not be read");
    return STORAGE_DRIVER === "s3" ? `In the bucket ${S3_BUCKET}.` : `On this disk, in ${dataDir}/files.`;
  });
}

async function model(): Promise<Check> {
  const { AI_BASE_URL, AI_API_KEY, AI_MODEL } = config();
  if (!AI_BASE_URL) {
    const sentence = "AI_BASE_URL is not set: tools that write with a language model are off.";
    return { name: "model", state: "off", sentence };
  }
  return attempt("model", "Check AI_BASE_URL and AI_API_KEY.", async () => {
    const response = await fetch(`${AI_BASE_URL.replace(/\/+$/, "")}/models`, {
      headers: AI_API_KEY ? { Authorization: `Bearer ${AI_API_KEY}` } : {},
      signal: AbortSignal.timeout(10_000),
    });
    if (!response.ok) throw new Error(`${AI_BASE_URL} answers ${response.status}`);
    return `${AI_BASE_URL} answers; runs use ${AI_MODEL}.`;
  });
}

async function payments(): Promise<Check> {
  if (!sells()) {
    const sentence = config().production
      ? "Set STRIPE_SECRET_KEY and STRIPE_WEBHOOK_SECRET: without them nothing can be bought (docs/going-live.md)."
      : "No keys: a site started here sells by the sandbox, with test cards.";
    return { name: "payments", state: "off", sentence };
  }
  return attempt(
    "payments",
    "Check STRIPE_SECRET_KEY; then: npm run ops -- stripe sync, and stripe check",
    async () => {
      const missing = await countUnsynced();
      if (missing > 0) throw new Error(`Stripe does not know ${missing} of the prices on sale`);
      const others = await countOfOtherMode();
      if (others > 0) {
        const mode = takesRealMoney() ? "test" : "live";
        throw new Error(`${counted(others, "customer is", "customers are")} of Stripe's ${mode} mode`);
      }
      const unknown = await countUnknown();
      if (unknown > 0) throw new Error(`Stripe does not know ${unknown} of this site's customers`);
      return "Stripe answers, and knows every price on sale.";
    },
  );
}

async function owner(): Promise<Check> {
  return attempt(
    "owner",
    "It needs the database, migrated (npm run migrate).",
    async () => ((await hasOwner()) ? "The site has an owner." : null),
    "Nobody owns the site: npm run ops -- owner EMAIL",
  );
}

/** @param test gives a sentence when the thing works, null when it is off; throws when it fails. */
async function attempt(
  name: string,
  remedy: string,
  test: () => Promise<string | null>,
  whenOff = "",
): Promise<Check> {
  try {
    const sentence = await test();
    return sentence === null ? { name, state: "off", sentence: whenOff } : { name, state: "works", sentence };
  } catch (error) {
    return { name, state: "fails", sentence: `${reasonOf(error)}. ${remedy}` };
  }
}

/** Connection errors carry their reason in what they wrap: Drizzle's in `cause`, Node's in `errors`. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0]);
  if (error instanceof Error && error.cause instanceof Error) return reasonOf(error.cause);
  return error instanceof Error ? error.message : String(error);
}
