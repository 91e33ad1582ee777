import type { BetterAuthPlugin } from "better-auth";
import { drizzleAdapter } from "better-auth/adapters/drizzle";
import { APIError, createAuthEndpoint, isAPIError } from "better-auth/api";
import { setSessionCookie } from "better-auth/cookies";
import { betterAuth } from "better-auth/minimal";
import { jwt } from "better-auth/plugins/jwt";
import { z } from "zod";
import { config } from "#platform/config";
import { db } from "#platform/db";
import { type Id, isId, newId } from "#platform/id";
import { log } from "#platform/log";
import { ownOrigins } from "#platform/origins";
import { authSecret } from "#platform/secret";
import { singleton } from "#platform/singleton";
import * as schema from "#schema";
import { accountOf } from "./account";
import { suspendedCode } from "./auth-error";
import { markVerified } from "./confirmation";
import { cookiePrefix } from "./cookie";
import { passwordLength } from "./forms";
import { writePasswordChanged } from "./letters";
import { forgiveStrangers } from "./limits";
import { isConfirmed, needsCode } from "./staff-step";
import { isSuspended } from "./suspension";

/** The request header, always written by us, that tells better-auth the caller's address. */
export const addressHeader = "x-toolmint-address";

const day = 24 * 60 * 60;

const slot = singleton<ReturnType<typeof makeAuth>>("auth");

/** better-auth, set up once per process. Only `handleAuth` lets requests reach it. */
export function auth() {
  return slot.once(makeAuth);
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
      onPasswordReset: ({ user }) => afterReset(user.id, user.email),
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
    databaseHooks: {
      user: { create: { after: async ({ id }) => void (await accountOf(userIdOf(id))) } },
      session: { create: { before: ({ userId }) => refuseSuspended(userIdOf(userId)) } },
    },
    plugins: [
      sessionStarter,
      jwt({
        disableSettingJwtHeader: true,
        jwks: { rotationInterval: 90 * day },
        jwt: { expirationTime: "15m", definePayload: ({ user, session }) => claimsOf(user, session.id) },
      }),
    ],
    // Limits are ours (see endpoints.ts): they count per mail address too, and all processes share them.
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    logger: { level: "error", log: (level, message) => log()[level]({ from: "better-auth" }, message) },
    // A no becomes a problem for its asker; only what broke is the operator's to read.
    onAPIError: {
      onError: (error) => {
        if (!isAPIError(error) || error.statusCode >= 500) log().error({ err: error }, "better-auth failed");
      },
    },
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

/** Signs in whoever has shown by a link in their mail who they are. Not reachable over HTTP. */
const sessionStarter = {
  id: "session-starter",
  endpoints: {
    startSession: createAuthEndpoint.serverOnly(
      { method: "POST", body: z.object({ userId: z.string() }) },
      async (ctx) => {
        const { internalAdapter } = ctx.context;
        const user = await internalAdapter.findUserById(ctx.body.userId);
        if (!user) throw new Error("There is no such user to sign in.");
        const session = await internalAdapter.createSession(user.id);
        await setSessionCookie(ctx, { session, user });
        return ctx.json({ status: true });
      },
    ),
  },
} satisfies BetterAuthPlugin;

/** A link to set a password reached its owner's mailbox, so it has confirmed the address as well. */
async function afterReset(id: string, email: string): Promise<void> {
  const userId = userIdOf(id);
  await db().transaction(async (tx) => {
    await markVerified(tx, userId);
    await writePasswordChanged(tx, userId);
  });
  await forgiveStrangers(email);
}

/** Whoever is suspended gets no session. They have just shown who they are, so they may hear why. */
async function refuseSuspended(userId: Id<"user">): Promise<void> {
  if (await isSuspended(db(), await accountOf(userId))) {
    throw new APIError("FORBIDDEN", { code: suspendedCode, message: "suspended" });
  }
}

/** What a JWT tells other services about its bearer, besides `sub`. */
async function claimsOf(user: Record<string, unknown> & { id: string }, sessionId: string) {
  const { email, emailVerified, name, role } = user;
  const accountId = await accountOf(userIdOf(user.id));
  // Who has not entered the code that staff need is no staff elsewhere either.
  const known = !needsCode() || (await isConfirmed(sessionId));
  return { email, emailVerified, name, role: known ? role : "user", accountId };
}

function userIdOf(id: string): Id<"user"> {
  if (!isId("user", id)) throw new Error("better-auth handed over an id that is not a user's");
  return id;
}
