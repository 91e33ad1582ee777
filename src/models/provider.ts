import { and, asc, eq, isNull, sql } from "drizzle-orm";
import { type Actor, recordAct } from "#platform/audit";
import { db, type Tx } from "#platform/db";
import { type Id, newId } from "#platform/id";
import { Refusal } from "#platform/refusal";
import { seal, unseal } from "#platform/sealed";
import { models, providers } from "#schema";
import { faultIn, fetchProvider, findNames, listRequest } from "./protocol";
import { noteSuccess } from "./rest";
import { environmentServer, type Server } from "./server";

/** Providers and models in the operator's hands. A key is written, used, and never shown again. */

export type ProviderWish = Pick<
  typeof providers.$inferSelect,
  "name" | "protocol" | "baseUrl" | "enabled" | "maxConcurrent" | "maxPerMinute"
> & {
  /** Left out: as it is. Null: none. */
  key?: string | null | undefined;
};

export type ModelWish = Pick<
  typeof models.$inferSelect,
  "name" | "label" | "kind" | "inputCost" | "outputCost" | "imageCost" | "contextTokens" | "enabled"
>;

export type Provider = Omit<typeof providers.$inferSelect, "key" | "archivedAt"> & {
  /** True for a key that was encrypted with another AUTH_SECRET: it has to be entered anew. */
  keyLost: boolean;
  models: (typeof models.$inferSelect)[];
};

/** All that are not archived, oldest first, with their models in the order in which they are asked. */
export async function listProviders(): Promise<Provider[]> {
  const rows = await db()
    .select()
    .from(providers)
    .where(isNull(providers.archivedAt))
    .orderBy(asc(providers.id));
  const served = await db()
    .select()
    .from(models)
    .where(isNull(models.archivedAt))
    .orderBy(asc(models.position), asc(models.id));
  return rows.map(({ key, archivedAt: _, ...provider }) => ({
    ...provider,
    keyLost: key !== null && unseal(key, provider.id) === null,
    models: served.filter(({ providerId }) => providerId === provider.id),
  }));
}

export async function addProvider(wish: ProviderWish, by: Actor): Promise<Id<"provider">> {
  const id = newId("provider");
  await db().transaction(async (tx) => {
    await tx.insert(providers).values({ id, ...columnsOf(id, wish) });
    await recordAct(tx, {
      by,
      action: "provider.add",
      object: { type: "provider", id },
      after: toldOf(wish),
    });
  });
  return id;
}

/** @throws Refusal not_found, invalid_request naming `key` for another server without a word about its key */
export async function changeProvider(id: Id<"provider">, wish: ProviderWish, by: Actor): Promise<void> {
  await db().transaction(async (tx) => {
    const before = await lockProvider(tx, id);
    requireKeyStays(before, wish);
    // Whoever changes it has looked into what was wrong: it is asked again at once.
    const again = { failures: 0, restsUntil: null };
    await tx
      .update(providers)
      .set({ ...columnsOf(id, wish), ...again })
      .where(eq(providers.id, id));
    await recordAct(tx, {
      ...{ by, action: "provider.change", object: { type: "provider", id } },
      ...{ before: toldOf(before), after: toldOf(wish) },
    });
  });
}

/** Takes it and its models out of use; what runs cost stays told by their names. @throws Refusal not_found */
export async function archiveProvider(id: Id<"provider">, by: Actor): Promise<void> {
  await db().transaction(async (tx) => {
    await lockOrder(tx);
    await lockProvider(tx, id);
    const gone = { archivedAt: sql`now()` };
    await tx
      .update(providers)
      .set({ ...gone, key: null, keyHint: null })
      .where(eq(providers.id, id));
    await tx
      .update(models)
      .set(gone)
      .where(and(eq(models.providerId, id), isNull(models.archivedAt)));
    await recordAct(tx, { by, action: "provider.archive", object: { type: "provider", id } });
  });
}

/** @throws Refusal not_found */
export async function addModel(providerId: Id<"provider">, wish: ModelWish, by: Actor): Promise<Id<"model">> {
  const id = newId("model");
  await db().transaction(async (tx) => {
    await lockProvider(tx, providerId);
    const last = sql`(select coalesce(max(position), 0) + 1000 from models)`;
    await tx.insert(models).values({ id, providerId, ...wish, position: last });
    await recordAct(tx, { by, action: "model.add", object: { type: "model", id }, after: { ...wish } });
  });
  return id;
}

/**
 * @param before the model that it is to stand before; null: last; left out: where it is
 * @throws Refusal not_found
 */
export async function changeModel(
  id: Id<"model">,
  wish: ModelWish,
  { before }: { before?: Id<"model"> | null | undefined },
  by: Actor,
): Promise<void> {
  await db().transaction(async (tx) => {
    if (before !== undefined) await lockOrder(tx);
    const old = await lockModel(tx, id);
    await tx.update(models).set(wish).where(eq(models.id, id));
    if (before !== undefined) await place(tx, id, before);
    const changes = changesOf(old, wish);
    await recordAct(tx, {
      ...{ by, action: "model.change", object: { type: "model", id }, before: changes.before },
      after: { ...changes.after, ...(before !== undefined && { placedBefore: before }) },
    });
  });
}

/** @throws Refusal not_found */
export async function archiveModel(id: Id<"model">, by: Actor): Promise<void> {
  await db().transaction(async (tx) => {
    await lockModel(tx, id);
    await tx.update(models).set({ archivedAt: sql`now()` }).where(eq(models.id, id));
    await recordAct(tx, { by, action: "model.archive", object: { type: "model", id } });
  });
}

/** All that are on, with that of AI_BASE_URL. */
export async function listServers(): Promise<Server[]> {
  const rows = await db()
    .select()
    .from(providers)
    .where(and(isNull(providers.archivedAt), eq(providers.enabled, true)))
    .orderBy(asc(providers.id));
  const environment = environmentServer();
  return [...rows.map(serverOf), ...(environment ? [environment] : [])];
}

/** @throws Refusal not_found */
export async function requireServer(id: Id<"provider">): Promise<Server> {
  const [row] = await db().select().from(providers).where(eq(providers.id, id));
  if (!row) throw new Refusal("not_found");
  return serverOf(row);
}

function serverOf({ id, name, protocol, baseUrl, key }: typeof providers.$inferSelect): Server {
  return { name, protocol, baseUrl, key: key && unseal(key, id) };
}

const testMs = 10_000;

/** `answered`: what is wrong was said by the server. */
type ProviderTest = { models: string[] } | { error: string; answered: boolean };

/** Tests one that is kept: if it answers, it is asked again at once. @throws Refusal not_found */
export async function testKept(id: Id<"provider">): Promise<ProviderTest> {
  const found = await testProvider(await requireServer(id));
  if ("models" in found) await noteSuccess(id);
  return found;
}

/**
 * Asks a server for the list of its models, which every one has.
 * @returns their names; or what went wrong, in the server's words
 */
export async function testProvider(server: Omit<Server, "name">): Promise<ProviderTest> {
  const { url, headers } = listRequest(server);
  let response: Response;
  try {
    response = await fetchProvider(url, { headers, signal: AbortSignal.timeout(testMs) });
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    return { error: (cause instanceof Error ? cause.message : String(cause)).slice(0, 300), answered: false };
  }
  const body: unknown = await response.json().catch(() => null);
  const status = `${response.status} ${response.statusText}`.trim();
  if (response.ok) {
    const models = findNames(body);
    return models ? { models: models.slice(0, 500) } : { error: status, answered: true };
  }
  const said = faultIn(body);
  const error = said === null ? status : `${status}: ${said}`;
  // Some repeat the key that they do not know.
  return { error: (server.key ? error.replaceAll(server.key, "…") : error).slice(0, 300), answered: true };
}

/** A key that nobody is told again is not told to another server either. */
function requireKeyStays(
  before: Pick<ProviderWish, "baseUrl" | "key">,
  { baseUrl, key }: ProviderWish,
): void {
  if (!before.key || key !== undefined || new URL(before.baseUrl).origin === new URL(baseUrl).origin) return;
  throw new Refusal("invalid_request", {
    errors: [{ path: "key", message: "This is another server: enter its key." }],
  });
}

async function lockProvider(tx: Tx, id: Id<"provider">) {
  const [row] = await tx
    .select()
    .from(providers)
    .where(and(eq(providers.id, id), isNull(providers.archivedAt)))
    .for("update");
  if (!row) throw new Refusal("not_found");
  return row;
}

/** For whoever changes many models: taken before any row, so that two of them wait and do not block each other. */
async function lockOrder(tx: Tx): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended('models.order', 0))`);
}

async function lockModel(tx: Tx, id: Id<"model">) {
  const [row] = await tx
    .select()
    .from(models)
    .where(and(eq(models.id, id), isNull(models.archivedAt)))
    .for("update");
  if (!row) throw new Refusal("not_found");
  return row;
}

function columnsOf(id: Id<"provider">, { key, ...wish }: ProviderWish) {
  if (key === undefined) return wish;
  return { ...wish, key: key && seal(key, id), keyHint: key && hintOf(key) };
}

/** Of a key so short that its end would tell much of it there is none. */
const hintedLength = 12;

function hintOf(key: string): string {
  return key.length < hintedLength ? "" : key.slice(-4);
}

/** For the audit log, which is told that a key was changed and nothing of it. */
function toldOf({ name, protocol, baseUrl, enabled, maxConcurrent, maxPerMinute, ...rest }: ProviderWish) {
  const told = { name, protocol, baseUrl, enabled, maxConcurrent, maxPerMinute };
  return rest.key === undefined ? told : { ...told, key: rest.key === null ? "none" : "set" };
}

/** What a change says otherwise than there was, before and after. */
function changesOf(old: ModelWish, wish: ModelWish) {
  const had = new Map(Object.entries(old));
  const changed = Object.entries(wish).filter(([name, value]) => had.get(name) !== value);
  return {
    before: Object.fromEntries(changed.map(([name]) => [name, had.get(name) ?? null])),
    after: Object.fromEntries(changed),
  };
}

/** Numbers all anew: they are few. */
async function place(tx: Tx, id: Id<"model">, before: Id<"model"> | null): Promise<void> {
  const rows = await tx.select({ id: models.id }).from(models).orderBy(asc(models.position), asc(models.id));
  const others = rows.filter((row) => row.id !== id);
  const index = before === null ? others.length : others.findIndex((row) => row.id === before);
  if (index < 0) throw new Refusal("not_found");
  for (const [at, row] of others.toSpliced(index, 0, { id }).entries()) {
    await tx
      .update(models)
      .set({ position: (at + 1) * 1000 })
      .where(eq(models.id, row.id));
  }
}
