import { betterAuth } from "better-auth";
import { drizzleAdapter } from "better-auth/adapters/drizzle";
import { jwt } from "better-auth/plugins";
import { config, isLoopback } from "#platform/config";
import { db } from "#platform/db";
import { newId } from "#platform/id";
import { log } from "#platform/log";
import { authSecret } from "#platform/secret";
import { singleton } from "#platform/singleton";
import * as schema from "#schema";
import { cookiePrefix } from "./cookie";

/** Passwords: at least this long. Length is what makes them strong, so nothing else is asked. */
export const passwordLength = { min: 10, max: 128 } as const;

/** The request header, always written by us, that tells better-auth the caller's address. */
export const addressHeader = "x-toolmint-address";

const day = 24 * 60 * 60;

const slot = singleton<ReturnType<typeof makeAuth>>("auth");

/** better-auth, set up once per process. Only `handleAuth` lets requests reach it. */
export function auth() {
  return slot.once(makeAuth);
}

/** Where our pages may be served: BASE_URL and, in development, each name of this machine. */
export function ownOrigins(): string[] {
  const base = new URL(config().baseUrl);
  if (config().production) return [base.origin];
  const port = base.port ? `:${base.port}` : "";
  const names = [base.hostname, "localhost", "127.0.0.1", "[::1]"].filter(isLoopback);
  return [...new Set(names)].map((name) => `${base.protocol}//${name}${port}`);
}

// Nothing is left to better-auth's reading of NODE_ENV, which only says whether the build is optimised.
function makeAuth() {
  return betterAuth({
    appName: config().SITE_NAME,
    baseURL: config().baseUrl,
    basePath: "/api/auth",
    secret: authSecret(),
    trustedOrigins: ownOrigins(),
    database: drizzleAdapter(db(), {
      provider: "pg",
      transaction: true,
      schema: {
        user: schema.users,
        session: schema.sessions,
        account: schema.identities,
        verification: schema.verifications,
        jwks: schema.jwks,
      },
    }),
    emailAndPassword: {
      enabled: true,
      // Signing up answers the same whether the address is known, so it cannot also sign in.
      autoSignIn: false,
      minPasswordLength: passwordLength.min,
      maxPasswordLength: passwordLength.max,
      revokeSessionsOnPasswordReset: true,
    },
    user: {
      additionalFields: {
        role: { type: "string", input: false, defaultValue: "user" },
        locale: { type: "string", defaultValue: "en" },
        timeZone: { type: "string", defaultValue: "UTC" },
      },
    },
    session: { expiresIn: 30 * day, updateAge: day, cookieCache: { enabled: false } },
    verification: { storeIdentifier: "hashed" },
    plugins: [jwt({ disableSettingJwtHeader: true })],
    // Limits are ours (see endpoints.ts): they count per mail address too, and all processes share them.
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    logger: { log: (level, message) => log()[level]({ from: "better-auth" }, message) },
    advanced: {
      cookiePrefix,
      useSecureCookies: config().production,
      disableCSRFCheck: false,
      disableOriginCheck: false,
      ipAddress: { ipAddressHeaders: [addressHeader] },
      database: { generateId: ({ model }) => newId(idKinds[model] ?? "verification") },
    },
  });
}

const idKinds: Record<string, "user" | "session" | "identity" | "verification" | "key"> = {
  user: "user",
  session: "session",
  account: "identity",
  verification: "verification",
  jwks: "key",
};
