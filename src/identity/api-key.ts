import { and, asc, desc, eq, gt, inArray, isNull, or, type SQL, sql } from "drizzle-orm";
import { readBudgets, setCap, spentByKey } from "#ledger";
import { type Actor, recordAct } from "#platform/audit";
import { db, type Tx } from "#platform/db";
import { type Id, newId } from "#platform/id";
import { Refusal } from "#platform/refusal";
import { apiKeySecrets, apiKeys } from "#schema";
import { forgetKeys } from "./key-cache";
import { findGiven, type GivenSecret, giveSecret, type KeyRequest } from "./key-request";
import { hashSecret, hintOf, isSecret } from "./key-secret";
import { mayRole } from "./rights";
import { isScope, type Scope, serviceScopes } from "./scopes";
import type { Session } from "./session";

/** API keys: a customer's own, and the site's service keys, which owners and admins make. */

export type ApiKeyId = Id<"apiKey">;
export type KeyKind = "own" | "service";

export type ApiKey = {
  id: ApiKeyId;
  kind: KeyKind;
  name: string;
  scopes: Scope[];
  /** Prefix and last four of the secret. */
  hint: string;
  /** The secrets that another took the place of, and how long they still work. */
  endingSecrets: { hint: string; endsAt: Date }[];
  /** The hard cap; null for none. */
  cap: bigint | null;
  /** Against the cap: consumed ever, and held now. Null without a cap. */
  used: { spent: bigint; held: bigint } | null;
  spentLast30Days: bigint;
  expiresAt: Date | null;
  revokedAt: Date | null;
  lastUsedAt: Date | null;
  createdAt: Date;
};

export type NewKey = {
  kind: KeyKind;
  name: string;
  scopes: readonly Scope[];
  cap: bigint | null;
  expiresAt: Date | null;
};

/** More than that nobody oversees. */
const maxLive = 50;
const dayMs = 24 * 3600 * 1000;

/** A key with its new secret, which is in this answer and, but for repeats of its request, nowhere else. */
export type KeyWithSecret = { key: ApiKey; secret: string; repeated: boolean };

/** Who asks for a secret, and the key by which a repeat of this request is known. */
export type Asked = { by: Actor; idempotencyKey?: string };

/**
 * Makes a key; one for a request, however often it is sent.
 * @throws Refusal not_found for a service key by somebody who may not make one; invalid_request,
 *   idempotency_conflict, secret_told, key_revoked
 */
export async function createKey(session: Session, key: NewKey, asked: Asked): Promise<KeyWithSecret> {
  requireKind(session, key.kind);
  requireSoundKey(key);
  const request = requestOf(session, asked);
  const { kind, name, scopes, cap, expiresAt } = key;
  const content = JSON.stringify([kind, name, scopes, `${cap}`, expiresAt]);
  const given = await db().transaction(async (tx) => {
    const earlier = await findGiven(tx, request, content);
    if (earlier) return { ...earlier, repeated: true };
    await requireRoom(tx, session, kind);
    const id = newId("apiKey");
    await tx.insert(apiKeys).values({
      ...{ id, kind, name, scopes: [...scopes], expiresAt },
      userId: session.user.id,
      accountId: kind === "own" ? session.accountId : null,
    });
    if (cap !== null) await setCap(tx, id, cap);
    await record(tx, kind, { by: asked.by, action: "key.create", id, after: { scopes, cap, expiresAt } });
    return { ...(await giveSecret(tx, id, request, content)), repeated: false };
  });
  return withKey(session, given);
}

/** One's own keys, or the site's, newest first. Revoked ones stay for the record. */
export async function listKeys(session: Session, kind: KeyKind): Promise<ApiKey[]> {
  requireKind(session, kind);
  return readKeys(kind === "own" ? ownKeys(session) : eq(apiKeys.kind, "service"));
}

/** @throws Refusal not_found for a key that is not theirs. */
export async function requireKey(session: Session, id: string): Promise<ApiKey> {
  const [key] = await readKeys(and(sql`${apiKeys.id} = ${id}`, reachable(session)));
  if (!key) throw new Refusal("not_found");
  return key;
}

/** Changes name or cap; what is left out stays. @throws Refusal not_found, invalid_request */
export async function changeKey(
  session: Session,
  id: string,
  change: { name?: string | undefined; cap?: bigint | null | undefined },
  by: Actor,
): Promise<ApiKey> {
  await db().transaction(async (tx) => {
    const key = await lockLive(tx, session, id);
    if (change.name !== undefined) {
      await tx.update(apiKeys).set({ name: change.name }).where(eq(apiKeys.id, key.id));
    }
    if (change.cap !== undefined) {
      const before = (await readBudgets(tx, [key.id])).get(key.id)?.cap ?? null;
      await setCap(tx, key.id, change.cap);
      const caps = { before: { cap: before }, after: { cap: change.cap } };
      await record(tx, key.kind, { by, action: "key.change", id: key.id, ...caps });
    }
  });
  return requireKey(session, id);
}

/**
 * Gives a key a new secret, one for a request, however often it is sent. The one before works on for so long,
 * and those before it no longer than that.
 * @throws Refusal not_found, key_revoked, idempotency_conflict, secret_told
 */
export async function rotateKey(
  session: Session,
  id: string,
  graceSeconds: number,
  asked: Asked,
): Promise<KeyWithSecret> {
  const request = requestOf(session, asked);
  const content = `${id} ${graceSeconds}`;
  const given = await db().transaction(async (tx) => {
    const key = await lockLive(tx, session, id);
    const earlier = await findGiven(tx, request, content);
    if (earlier) return { ...earlier, repeated: true };
    const end = sql`now() + make_interval(secs => ${graceSeconds}::int)`;
    await tx
      .update(apiKeySecrets)
      .set({ endsAt: sql`least(${apiKeySecrets.endsAt}, ${end})` })
      .where(eq(apiKeySecrets.apiKeyId, key.id));
    await record(tx, key.kind, { by: asked.by, action: "key.rotate", id: key.id, after: { graceSeconds } });
    return { ...(await giveSecret(tx, key.id, request, content)), repeated: false };
  });
  await forgetKeys();
  return withKey(session, given);
}

/** Ends a key in every process, within seconds. Ending it twice is ending it once. @throws Refusal not_found */
export async function revokeKey(session: Session, id: string, by: Actor): Promise<void> {
  await db().transaction(async (tx) => {
    const key = await lock(tx, session, id);
    if (key.revokedAt) return;
    await tx.update(apiKeys).set({ revokedAt: sql`now()` }).where(eq(apiKeys.id, key.id));
    await record(tx, key.kind, { by, action: "key.revoke", id: key.id });
  });
  await forgetKeys();
}

/** To whoever may not make them, service keys do not exist. */
function requireKind({ user }: Session, kind: KeyKind): void {
  if (kind === "service" && !mayRole(user.role, "keys.service")) throw new Refusal("not_found");
}

function requireSoundKey({ kind, scopes, expiresAt }: NewKey): void {
  const errors: { path: string; message: string }[] = [];
  if (scopes.length === 0) errors.push({ path: "scopes", message: "at least one" });
  const beyond = scopes.filter((scope) => kind === "own" && serviceScopes.includes(scope));
  if (beyond.length > 0)
    errors.push({ path: "scopes", message: `only for service keys: ${beyond.join(", ")}` });
  if (expiresAt && expiresAt.getTime() <= Date.now())
    errors.push({ path: "expiresAt", message: "a time to come" });
  if (errors.length > 0) throw new Refusal("invalid_request", { errors });
}

async function requireRoom(tx: Tx, session: Session, kind: KeyKind): Promise<void> {
  const whose = kind === "own" ? ownKeys(session) : eq(apiKeys.kind, "service");
  if ((await tx.$count(apiKeys, and(whose, isLive()))) < maxLive) return;
  throw new Refusal("invalid_request", { errors: [{ path: "", message: `at most ${maxLive} keys` }] });
}

function ownKeys({ user }: Session): SQL | undefined {
  return and(eq(apiKeys.kind, "own"), eq(apiKeys.userId, user.id));
}

function reachable(session: Session): SQL | undefined {
  if (!mayRole(session.user.role, "keys.service")) return ownKeys(session);
  return or(ownKeys(session), eq(apiKeys.kind, "service"));
}

function isLive(): SQL | undefined {
  return and(isNull(apiKeys.revokedAt), or(isNull(apiKeys.expiresAt), gt(apiKeys.expiresAt, sql`now()`)));
}

async function lock(tx: Tx, session: Session, id: string) {
  const [key] = await tx
    .select()
    .from(apiKeys)
    .where(and(sql`${apiKeys.id} = ${id}`, reachable(session)))
    .for("update");
  if (!key) throw new Refusal("not_found");
  return key;
}

async function lockLive(tx: Tx, session: Session, id: string) {
  const key = await lock(tx, session, id);
  if (key.revokedAt) throw new Refusal("key_revoked");
  return key;
}

/** What comes from the terminal is a request of its own each time. */
function requestOf({ user }: Session, { idempotencyKey = newId("request") }: Asked): KeyRequest {
  return { userId: user.id, idempotencyKey };
}

/** @throws Refusal key_revoked when it was, since the request that is repeated */
async function withKey(
  session: Session,
  { apiKeyId, secret, repeated }: GivenSecret & { repeated: boolean },
): Promise<KeyWithSecret> {
  const key = await requireKey(session, apiKeyId);
  if (key.revokedAt) throw new Refusal("key_revoked");
  return { key, secret, repeated };
}

/** What is done to a service key is answered for; one's own keys are one's own affair. */
async function record(
  tx: Tx,
  kind: KeyKind,
  act: Pick<Parameters<typeof recordAct>[1], "by" | "action" | "before" | "after"> & { id: ApiKeyId },
): Promise<void> {
  const { id, ...rest } = act;
  if (kind === "service") await recordAct(tx, { ...rest, object: { type: "key", id } });
}

async function readKeys(condition: SQL | undefined): Promise<ApiKey[]> {
  const rows = await db().select().from(apiKeys).where(condition).orderBy(desc(apiKeys.id)).limit(500);
  const ids = rows.map(({ id }) => id);
  const [secrets, budgets, spent] = await Promise.all([
    ids.length === 0
      ? []
      : db()
          .select()
          .from(apiKeySecrets)
          .where(inArray(apiKeySecrets.apiKeyId, ids))
          .orderBy(asc(apiKeySecrets.createdAt)),
    readBudgets(db(), ids),
    spentByKey(db(), ids, new Date(Date.now() - 30 * dayMs)),
  ]);
  return rows.map(({ userId: _, accountId: __, scopes, ...row }) => {
    const own = secrets.filter(({ apiKeyId }) => apiKeyId === row.id);
    const budget = budgets.get(row.id);
    return {
      ...row,
      scopes: scopes.filter(isScope),
      hint: own.find(({ endsAt }) => endsAt === null)?.hint ?? "",
      endingSecrets: own.flatMap(({ hint, endsAt }) =>
        endsAt && endsAt.getTime() > Date.now() ? [{ hint, endsAt }] : [],
      ),
      cap: budget?.cap ?? null,
      used: budget?.cap != null ? { spent: budget.spent, held: budget.held } : null,
      spentLast30Days: spent.get(row.id) ?? 0n,
    };
  });
}

/** A user's own keys, newest first, for the back office. */
export async function listKeysOf(userId: Id<"user">): Promise<ApiKey[]> {
  return readKeys(and(eq(apiKeys.kind, "own"), eq(apiKeys.userId, userId)));
}

/** Whose key this is: its id, the secret, or what is shown of the secret. */
export async function findKeyOwners(text: string): Promise<Id<"user">[]> {
  const rows = await db()
    .selectDistinct({ userId: apiKeys.userId })
    .from(apiKeys)
    .innerJoin(apiKeySecrets, eq(apiKeySecrets.apiKeyId, apiKeys.id))
    .where(
      text.startsWith("key_")
        ? sql`${apiKeys.id} = ${text}`
        : isSecret(text)
          ? eq(apiKeySecrets.hash, hashSecret(text))
          : eq(apiKeySecrets.hint, hintOf(text)),
    )
    .limit(100);
  return rows.flatMap(({ userId }) => userId ?? []);
}
