import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { z } from "zod";
import { isBlockedPort } from "./blocked-port";
import { singleton } from "./singleton";
import { isTimeZone } from "./time-zone";

/** Reads the environment, once per process. Nothing else in the project touches process.env. */

const text = z.string().trim().min(1);
const flag = z.enum(["true", "false"]).transform((value) => value === "true");
const address = z.url({ protocol: /^https?$/ }).transform((value) => value.replace(/\/+$/, ""));
const price = z.coerce.number().min(0).max(1_000_000);
const count = (least: number) => z.coerce.number().int().min(least);

const environment = z.object({
  /** Where customers reach the site. Anything but a loopback address means production. */
  BASE_URL: z.url({ protocol: /^https?$/ }).optional(),
  PORT: z.coerce
    .number()
    .int()
    .min(1)
    .max(65535)
    .refine((port) => !isBlockedPort(port), {
      error: ({ input }) => `browsers refuse to open port ${input}; set another, such as 3000`,
    })
    .default(3000),
  /** The address to listen on; in development always loopback. */
  HOST: text.optional(),
  /** How many reverse proxies of the operator's own stand before the site and write X-Forwarded-For. */
  PROXY_HOPS: count(0).default(0),
  ROLE: z.enum(["all", "web", "api", "worker"]).default("all"),
  LOG_LEVEL: z.enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"]).default("info"),
  DATA_DIR: text.default(".data"),
  /** An external PostgreSQL; without it one is embedded. */
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  /** Signs sessions and visitor cookies; at least 32 characters. Made once in development. */
  AUTH_SECRET: z.string().min(32).optional(),
  /** Lets a scheduler of the operator's own call /api/cron; without it these endpoints are off. */
  CRON_SECRET: z.string().min(16, "at least 16 random characters").optional(),
  /** Whether staff enter a mailed code besides; without it in production alone. */
  STAFF_CODE: flag.optional(),
  SMTP_URL: z.url({ protocol: /^smtps?$/ }).optional(),
  MAIL_FROM: text.optional(),
  STORAGE_DRIVER: z.enum(["local", "s3"]).default("local"),
  S3_BUCKET: text.optional(),
  S3_REGION: text.optional(),
  S3_ENDPOINT: z.url().optional(),
  S3_ACCESS_KEY_ID: text.optional(),
  S3_SECRET_ACCESS_KEY: text.optional(),
  /** Payments. Without it a development site uses the sandbox, and production sells nothing. */
  STRIPE_SECRET_KEY: text.regex(/^[rs]k_/, "it begins with sk_ or rk_").optional(),
  STRIPE_PUBLISHABLE_KEY: text.regex(/^pk_/, "it begins with pk_").optional(),
  STRIPE_WEBHOOK_SECRET: text.regex(/^whsec_/, "it begins with whsec_").optional(),
  /** Another server that speaks Stripe's API, such as the sandbox in a process of its own. */
  STRIPE_API_BASE: z.url({ protocol: /^https?$/ }).optional(),
  /** Has Stripe reckon and collect sales tax; it must be set up there. */
  STRIPE_TAX: flag.default(false),
  AI_BASE_URL: z.url().optional(),
  AI_API_KEY: text.optional(),
  AI_MODEL: text.optional(),
  /** What AI_MODEL costs per million tokens, in US dollars, as price lists say it. */
  AI_INPUT_COST: price.optional(),
  AI_OUTPUT_COST: price.optional(),
  SITE_NAME: text.default("Toolmint"),
  OPERATOR_NAME: text.default("Toolmint"),
  OPERATOR_MAIL: z.email().default("hello@example.com"),
  OPERATOR_COUNTRY: text.optional(),
  /** The operator's zone: analytics count days and months in it. */
  TIME_ZONE: text.refine(isTimeZone, "an IANA zone, such as Europe/Dublin").default("UTC"),
  WELCOME_CREDITS: count(0).default(100),
  /** What both sides get when somebody who was referred pays for the first time; 0: there are no referrals. */
  REFERRAL_CREDITS: count(0).default(100),
  /** Whose balance falls below so many credits is told by mail; 0: nobody is. */
  LOW_BALANCE_CREDITS: count(0).default(20),
  /** The most credits an admin may give or take at once; owners may any number. */
  ADJUSTMENT_LIMIT: count(0).default(10_000),
  /** The most credits an admin may give in all to a segment; owners may any number. */
  GIFT_LIMIT: count(0).default(1_000_000),
  /** The most an admin may pay back of one invoice, in its currency's minor unit; owners may all of it. */
  REFUND_LIMIT: count(0).default(10_000),
  /** Lets tools ask servers of this machine and its network, also without TLS. */
  HTTP_TOOLS_PRIVATE: flag.default(false),
  /** Visitors may try one tool from the landing page. */
  TRY_IT: flag.default(true),
  /** How many runs that compute a worker does at once; without it as many as there are cores. */
  WORKER_CONCURRENCY: count(1).optional(),
  /** How many runs that only wait, for a model or the operator's own server, it does besides. */
  WORKER_WAITING: count(1).default(16),
  /** How many of the ledger's commands may wait in a process; more are answered 503 at once. */
  LEDGER_QUEUE: count(1).default(20_000),
  /** Uploads and results are deleted after so many days. */
  RETENTION_DAYS: count(1).default(30),
  /** Lets Prometheus read /metrics; without it only this machine may. */
  METRICS_TOKEN: z.string().min(16, "at least 16 random characters").optional(),
  /** How much one customer may keep stored, in megabytes. */
  STORAGE_QUOTA_MB: count(1).default(1024),
  /** Lines about who did what on the site are deleted after so many days. */
  EVENT_RETENTION_DAYS: count(1).default(760),
  /** The header in which a proxy of the operator's names the visitor's country, such as cf-ipcountry. */
  COUNTRY_HEADER: text.regex(/^[\w-]+$/, "a header's name").optional(),
  /** PostHog and Google Analytics hear of those who consent; without their keys nothing leaves the site. */
  POSTHOG_KEY: text.optional(),
  POSTHOG_HOST: address.default("https://us.i.posthog.com"),
  GA_MEASUREMENT_ID: text.optional(),
  GA_API_SECRET: text.optional(),
  GA_HOST: address.default("https://www.google-analytics.com"),
});

/** Every setting's name; .env.example explains each. */
export const settingNames: readonly string[] = Object.keys(environment.shape);

type Environment = z.infer<typeof environment>;

export type Config = Environment & {
  /** BASE_URL, or the loopback address of PORT; no trailing slash. */
  baseUrl: string;
  /** True when BASE_URL is not a loopback address: the one rule that decides. */
  production: boolean;
  /** DATA_DIR as an absolute path. */
  dataDir: string;
};

/** A malformed or missing setting; the message says what to set. */
export class ConfigError extends Error {
  override name = "ConfigError";
}

const loopbackHosts = new Set(["localhost", "127.0.0.1", "[::1]", "::1"]);

/** True for a host name (without port) that only this machine reaches. */
export function isLoopback(hostname: string): boolean {
  return loopbackHosts.has(hostname) || hostname.endsWith(".localhost");
}

/**
 * Parses settings.
 * @throws ConfigError with one sentence per wrong setting.
 */
export function parseConfig(source: Record<string, string | undefined>): Config {
  const given = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== ""));
  const parsed = environment.safeParse(given);
  if (!parsed.success) {
    throw new ConfigError(
      parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}.`).join("\n"),
    );
  }
  const env = parsed.data;
  const baseUrl = (env.BASE_URL ?? `http://localhost:${env.PORT}`).replace(/\/+$/, "");
  const production = !isLoopback(new URL(baseUrl).hostname);
  const missing = [
    production && !env.AUTH_SECRET && "AUTH_SECRET: set at least 32 random characters in production.",
    env.STORAGE_DRIVER === "s3" && !env.S3_BUCKET && "S3_BUCKET: set the bucket that keeps the files.",
    env.SMTP_URL && !env.MAIL_FROM && 'MAIL_FROM: set the sender, such as "Site <mail@example.com>".',
    ...missingStripeSettings(env),
    Boolean(env.GA_MEASUREMENT_ID) !== Boolean(env.GA_API_SECRET) &&
      "GA_MEASUREMENT_ID, GA_API_SECRET: set both, or neither.",
    (env.AI_INPUT_COST === undefined) !== (env.AI_OUTPUT_COST === undefined) &&
      "AI_INPUT_COST, AI_OUTPUT_COST: set both, or neither.",
    env.AI_BASE_URL && !env.AI_MODEL && "AI_MODEL: set the model that AI_BASE_URL serves.",
  ].filter((message) => typeof message === "string");
  if (missing.length > 0) throw new ConfigError(missing.join("\n"));
  return { ...env, baseUrl, production, dataDir: resolve(env.DATA_DIR) };
}

/** Half of Stripe's settings would take money and grant nothing, so they are all set or none is. */
function missingStripeSettings(env: Environment): string[] {
  const { STRIPE_SECRET_KEY, STRIPE_WEBHOOK_SECRET, STRIPE_PUBLISHABLE_KEY } = env;
  if (!(STRIPE_SECRET_KEY ?? STRIPE_WEBHOOK_SECRET ?? STRIPE_PUBLISHABLE_KEY)) return [];
  return [
    STRIPE_SECRET_KEY
      ? ""
      : "STRIPE_SECRET_KEY: set the secret key that belongs to the other STRIPE settings.",
    STRIPE_WEBHOOK_SECRET
      ? ""
      : "STRIPE_WEBHOOK_SECRET: set the signing secret of the webhook endpoint, without which no payment is noticed.",
  ].filter((sentence) => sentence !== "");
}

/** Values of a `.env` file beside package.json fill what the environment leaves open. */
function readEnvironment(): Record<string, string | undefined> {
  const file = resolve(".env");
  if (existsSync(file)) {
    for (const line of readFileSync(file, "utf8").split("\n")) {
      const [, name, value] = /^\s*([A-Z0-9_]+)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
      if (name && value !== undefined) process.env[name] ??= value.replace(/^(["'])(.*)\1$/, "$2");
    }
  }
  return process.env;
}

/** Tells a library, or a child process, what it reads from the environment only. */
export function setEnvironment(name: string, value: string): void {
  // Next's types declare NODE_ENV read-only.
  Object.assign(process.env, { [name]: value });
}

const slot = singleton<Config>("config");

/** The settings of this process. @throws ConfigError the first time, when they are wrong. */
export function config(): Config {
  return slot.once(() => parseConfig(readEnvironment()));
}
