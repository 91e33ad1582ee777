import { randomBytes } from "node:crypto";
import { statfs } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { sql } from "drizzle-orm";
import { countOfOtherMode, countUnknown, countUnsynced, sells, takesRealMoney } from "#billing";
import { listServers, testProvider } from "#models";
import { config } from "#platform/config";
import { db } from "#platform/db";
import { mailIsSent, testMailServer } from "#platform/mail";
import { pendingMigrations } from "#platform/migrate";
import { singleton } from "#platform/singleton";
import { deleteFile, openFile, storeText } from "#platform/storage";
import { counted } from "#platform/terminal";
import { countWorkers } from "#platform/worker-lock";

/** What the site depends on, each tested by using it: for the back office, and for `ops doctor`. */

export const dependencyNames = [
  "database",
  "worker",
  "storage",
  "mail",
  "payments",
  "model",
  "disk",
] as const;
export type DependencyName = (typeof dependencyNames)[number];

/** What it told of itself, for whoever puts it into words. */
type Facts = Record<string, string | number>;
/** Facts when it works, null when it is not set up or not there. @throws what went wrong */
type Test = () => Promise<Facts | null>;

const tests: Record<DependencyName, Test> = {
  database: async () => {
    const { rows } = await db().execute<{ version: string }>(
      sql`select current_setting('server_version') as version`,
    );
    const pending = await pendingMigrations(db().$client);
    return {
      version: rows[0]?.version ?? "",
      pending: pending.length,
      migrations: pending.join(", "),
    };
  },
  worker: async () => {
    const running = await countWorkers(db().$client);
    return running > 0 ? { running } : null;
  },
  storage: async () => {
    const { STORAGE_DRIVER, S3_BUCKET, dataDir } = config();
    const key = `doctor/${randomBytes(8).toString("hex")}`;
    await storeText(key, key, "text/plain");
    const stored = await openFile(key);
    const read = stored ? await text(stored) : null;
    await deleteFile(key);
    if (read !== key) throw new Error("what was written could not be read");
    return STORAGE_DRIVER === "s3"
      ? { driver: "s3", place: S3_BUCKET ?? "" }
      : { driver: "disk", place: `${dataDir}/files` };
  },
  mail: async () => {
    if (!mailIsSent()) return null;
    await testMailServer();
    return { server: new URL(config().SMTP_URL ?? "").host, from: config().MAIL_FROM ?? "" };
  },
  payments: async () => {
    if (!sells()) return null;
    const missing = await countUnsynced();
    if (missing > 0) throw new Error(`Stripe does not know ${missing} of the prices on sale`);
    const others = await countOfOtherMode();
    if (others > 0) {
      const mode = takesRealMoney() ? "test" : "live";
      throw new Error(`${counted(others, "customer is", "customers are")} of Stripe's ${mode} mode`);
    }
    const unknown = await countUnknown();
    if (unknown > 0) throw new Error(`Stripe does not know ${unknown} of this site's customers`);
    return {};
  },
  model: async () => {
    const asked = await listServers();
    if (asked.length === 0) return null;
    const tested = await Promise.all(
      asked.map(async (server) => ({ ...server, found: await testProvider(server) })),
    );
    const failed = tested.flatMap(({ name, found }) => ("error" in found ? [`${name}: ${found.error}`] : []));
    if (failed.length > 0) throw new Error(failed.join("; "));
    return { servers: tested.map(({ name }) => name).join(", "), count: tested.length };
  },
  disk: async () => {
    const { bsize, bavail, blocks } = await statfs(config().dataDir).catch(() => statfs("."));
    const [free, all] = [bavail * bsize, blocks * bsize];
    const facts = { free: gigabytes(free), all: gigabytes(all), place: config().dataDir };
    if (free < leastFreeBytes) throw new Error(freeText(facts));
    return facts;
  },
};

/** The facts as the terminal says them; the back office has words of its own in each language. */
const sentences: Record<DependencyName, (facts: Facts) => string> = {
  database: ({ version, migrations }) =>
    `PostgreSQL ${version}, ${migrations ? `the next start applies ${migrations}` : "up to date"}.`,
  worker: ({ running }) =>
    `${counted(Number(running), "worker process takes", "worker processes take")} jobs.`,
  storage: ({ driver, place }) =>
    driver === "s3" ? `In the bucket ${place}.` : `On this disk, in ${place}.`,
  mail: ({ server, from }) => `${server} takes mail from ${from}.`,
  payments: () => "Stripe answers, and knows every price on sale.",
  model: ({ servers, count }) => `${servers} ${count === 1 ? "answers" : "answer"}.`,
  disk: (facts) => `${freeText(facts)}.`,
};

function freeText({ free, all, place }: Facts): string {
  return `${free} of ${all} GB are free where ${place} is`;
}

/** Tests one of them. @returns a sentence, or null when it is not set up. @throws what went wrong */
export async function testDependency(name: DependencyName): Promise<string | null> {
  const facts = await tests[name]();
  return facts && sentences[name](facts);
}

/** Less than this, and the database is the next to stop. */
const leastFreeBytes = 1e9;
const timeoutMs = 10_000;

export type Dependency = {
  name: DependencyName;
  state: "works" | "off" | "fails";
  /** What it took to find out. */
  latencyMs: number;
  /** What it told of itself. */
  facts: Facts | null;
  /** What went wrong last in this process, and when; it stays when it works again. */
  lastError: { at: Date; message: string } | null;
};

const errors = singleton<Map<DependencyName, { at: Date; message: string }>>("health.errors");

/** Tests all of them at once, each for at most ten seconds. */
export async function readHealth(): Promise<Dependency[]> {
  const known = errors.once(() => new Map());
  return Promise.all(
    dependencyNames.map(async (name) => {
      const from = performance.now();
      const took = () => Math.round(performance.now() - from);
      const lastError = () => known.get(name) ?? null;
      try {
        const facts = await within(tests[name]());
        const state = facts === null ? ("off" as const) : ("works" as const);
        return { name, state, latencyMs: took(), facts, lastError: lastError() };
      } catch (error) {
        known.set(name, { at: new Date(), message: reasonOf(error).slice(0, 500) });
        return { name, state: "fails" as const, latencyMs: took(), facts: null, lastError: lastError() };
      }
    }),
  );
}

/** Connection errors carry their reason in what they wrap: Drizzle's in `cause`, Node's in `errors`. */
export function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0]);
  if (error instanceof Error && error.cause instanceof Error) return reasonOf(error.cause);
  return error instanceof Error ? error.message : String(error);
}

async function within<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer in ${timeoutMs / 1000} s`)), timeoutMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

function gigabytes(bytes: number): string {
  return (bytes / 1e9).toFixed(1);
}
