import { eq, sql } from "drizzle-orm";
import { type Actor, recordAct } from "#platform/audit";
import { db, type Queryable, type Tx } from "#platform/db";
import type { Id } from "#platform/id";
import { enqueue } from "#platform/queue";
import { Refusal } from "#platform/refusal";
import { catalogueDrafts, catalogueEditions, prices, users } from "#schema";
import type { Catalogue } from "./catalogue";
import { type Change, catalogueSchema, differenceOf } from "./catalogue-form";
import { forgetCatalogue, readCatalogue } from "./edition";
import { replacePrices } from "./price";

/**
 * Draft → difference → publish. Staff share one draft; whoever saves or publishes says which they saw, and is
 * refused with what has changed since. Publishing adds an edition, retires prices and makes new ones, in one
 * transaction; nothing is edited and nothing is deleted, so whoever has paid keeps what they paid for.
 */

export type Draft = {
  revision: number;
  baseVersion: number;
  content: Catalogue;
  savedBy: Id<"user">;
  savedByMail: string | null;
  savedAt: Date;
};

export async function readDraft(queryable: Queryable): Promise<Draft | null> {
  const [row] = await queryable
    .select({ draft: catalogueDrafts, savedByMail: users.email })
    .from(catalogueDrafts)
    .leftJoin(users, eq(users.id, catalogueDrafts.savedBy));
  if (!row) return null;
  const { id: _, content, ...draft } = row.draft;
  return { ...draft, content: catalogueSchema.parse(content), savedByMail: row.savedByMail };
}

/** What somebody saw: the edition, and how often its draft had been saved; 0 without a draft. */
export type Seen = { version: number; revision: number };

/**
 * Saves the draft.
 * @returns its revision
 * @throws Refusal draft_stale when somebody else saved or published since; invalid_request for a pack that is
 *   missing, for a pack is archived and never deleted
 */
export async function saveDraft(content: Catalogue, seen: Seen, by: Id<"user">): Promise<number> {
  return db().transaction(async (tx) => {
    const { edition, draft } = await lockAsSeen(tx, seen, content);
    const missing = edition.packs.filter(({ id }) => !content.packs.some((pack) => pack.id === id));
    if (missing.length > 0) {
      const message = `${missing.map(({ id }) => id).join(", ")}: archive it, others have bought it.`;
      throw new Refusal("invalid_request", { errors: [{ path: "content.packs", message }] });
    }
    const columns = {
      ...{ baseVersion: edition.version, revision: (draft?.revision ?? 0) + 1, content },
      ...{ savedBy: by, savedAt: sql`clock_timestamp()` },
    };
    await tx
      .insert(catalogueDrafts)
      .values({ id: 1, ...columns })
      .onConflictDoUpdate({ target: catalogueDrafts.id, set: columns });
    return columns.revision;
  });
}

/** Throws the draft away. @throws Refusal draft_stale */
export async function discardDraft(seen: Seen): Promise<void> {
  await db().transaction(async (tx) => {
    await lockAsSeen(tx, seen, null);
    await tx.delete(catalogueDrafts);
  });
}

/**
 * Makes the draft the next edition.
 * @returns its version
 * @throws Refusal draft_stale when somebody else saved or published since, or there is no draft
 */
export async function publishDraft(
  seen: Seen,
  { by, reason }: { by: Actor; reason: string },
): Promise<number> {
  const version = await db().transaction(async (tx) => {
    const { edition, draft } = await lockAsSeen(tx, seen, null);
    if (!draft) throw new Refusal("draft_stale", { version: edition.version, revision: 0 });
    const next = edition.version + 1;
    await tx.insert(catalogueEditions).values({ version: next, content: draft.content });
    await tx.delete(catalogueDrafts);
    await replacePrices(tx, draft.content);
    const changes = differenceOf(edition, draft.content);
    await recordAct(tx, {
      ...{ by, reason, action: "catalogue.publish", object: { type: "catalogue", id: `${next}` } },
      before: Object.fromEntries(changes.map(({ path, before }) => [path, before])),
      after: Object.fromEntries(changes.map(({ path, after }) => [path, after])),
    });
    await askSync(tx);
    return next;
  });
  forgetCatalogue();
  return version;
}

/** Has a job bring what is on sale to Stripe, again if it failed. */
export async function retrySync(by: Actor): Promise<void> {
  await db().transaction(async (tx) => {
    await tx.update(prices).set({ syncError: null }).where(eq(prices.onSale, true));
    await recordAct(tx, { by, action: "catalogue.sync", object: { type: "catalogue", id: "prices" } });
    await askSync(tx);
  });
}

async function askSync(tx: Tx): Promise<void> {
  await enqueue(tx, "billing.sync-catalogue", {}, { key: "billing.sync-catalogue", maxAttempts: 8 });
}

/** One writer at a time; the rest see what the first has left. */
async function lockAsSeen(tx: Tx, { version, revision }: Seen, mine: Catalogue | null) {
  await tx.execute(sql`lock table ${catalogueEditions}, ${catalogueDrafts} in exclusive mode`);
  const [edition, draft] = [await readCatalogue(tx), await readDraft(tx)];
  const current = draft?.revision ?? 0;
  if (edition.version === version && current === revision) return { edition, draft };
  const theirs = draft?.content ?? edition;
  throw new Refusal("draft_stale", {
    ...{ version: edition.version, revision: current, savedByMail: draft?.savedByMail ?? null },
    errors: mine ? differenceOf(mine, theirs).map(asError) : [],
  });
}

function asError({ path, before, after }: Change) {
  return { path, message: `${before ?? "—"} → ${after ?? "—"}` };
}
