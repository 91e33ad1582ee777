import { hasOwner } from "#identity";
import { reasonOf, testDependency } from "#insight";
import { config } from "#platform/config";
import type { DatabaseServer } from "#platform/database-server";
import { countFailedMails } from "#platform/mail";
import { findAddress } from "#platform/site-address";

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
  disk,
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
    const where = embedded ? "embedded" : new URL(url).host;
    return (await testDependency("database"))?.replace(",", ` (${where}),`) ?? null;
  });
}

async function worker(): Promise<Check> {
  return attempt(
    "worker",
    "It needs the database.",
    () => testDependency("worker"),
    "None runs: jobs wait until `npm start` runs again.",
  );
}

async function mail(): Promise<Check> {
  const whenOff = config().production
    ? `Set SMTP_URL and MAIL_FROM: without them nobody gets the mail that confirms an address, nor staff their code.${await unsent()}`
    : "SMTP_URL is not set: mails are shown at /dev/mailbox instead.";
  return attempt(
    "mail",
    "Check SMTP_URL.",
    async () => {
      const sentence = await testDependency("mail");
      return sentence && `${sentence}${await unsent()}`;
    },
    whenOff,
  );
}

/** Mails that were given up; their `error` says why. Nothing when the database is not there to ask. */
async function unsent(): Promise<string> {
  const count = await countFailedMails().catch(() => 0);
  if (count === 0) return "";
  return ` ${count} of the last 7 days could not be sent: see /admin/mails.`;
}

async function storage(): Promise<Check> {
  const { STORAGE_DRIVER, dataDir } = config();
  const remedy =
    STORAGE_DRIVER === "s3" ? "Check the S3_ settings." : `Check the rights on ${dataDir}/files.`;
  return attempt("files", remedy, () => testDependency("storage"));
}

async function model(): Promise<Check> {
  return attempt(
    "model",
    "Check AI_BASE_URL and AI_API_KEY, and the providers at /admin/models.",
    () => testDependency("model"),
    "Neither AI_BASE_URL nor a provider at /admin/models is set: tools that ask a model are off.",
  );
}

async function payments(): Promise<Check> {
  return attempt(
    "payments",
    "Check STRIPE_SECRET_KEY; then: npm run ops -- stripe sync, and stripe check",
    () => testDependency("payments"),
    config().production
      ? "Set STRIPE_SECRET_KEY and STRIPE_WEBHOOK_SECRET: without them nothing can be bought (docs/going-live.md)."
      : "No keys: a site started here sells by the sandbox, with test cards.",
  );
}

async function disk(): Promise<Check> {
  return attempt("disk", "Make room.", () => testDependency("disk"));
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
