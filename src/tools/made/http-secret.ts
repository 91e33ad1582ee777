import { eq } from "drizzle-orm";
import { type Actor, recordAct } from "#platform/audit";
import { db } from "#platform/db";
import { Refusal } from "#platform/refusal";
import { seal, unseal } from "#platform/sealed";
import { toolSecrets } from "#schema";
import { newSecret } from "./http-signature";

/**
 * The secret that this site shares with a tool's server. We make it, keep it encrypted and show it once. A new
 * one leaves the old one good for a day, unless that has come into wrong hands.
 */

const graceHours = 24;

export type ToolSecret = {
  /** Its last characters. */
  hint: string;
  createdAt: Date;
  /** How long the one before it is good as well. */
  previousUntil: Date | null;
  /** AUTH_SECRET has changed: it has to be made anew. */
  lost: boolean;
};

/** Null while there is none. */
export async function readSecret(slug: string): Promise<ToolSecret | null> {
  const [row] = await db().select().from(toolSecrets).where(eq(toolSecrets.slug, slug));
  if (!row) return null;
  const { hint, createdAt, previousUntil } = row;
  const good = previousUntil && previousUntil > new Date() ? previousUntil : null;
  return { hint, createdAt, previousUntil: good, lost: unseal(row.secret, purposeOf(slug)) === null };
}

/**
 * Makes a tool's secret, or a new one in its place.
 * @param seen when the one that whoever asks has seen was made; null for none
 * @param keepPrevious false when it has come into wrong hands
 * @returns the secret, which nobody is told again
 * @throws Refusal tool_changed when somebody else has made one since
 */
export async function makeSecret(
  slug: string,
  { seen, keepPrevious }: { seen: Date | null; keepPrevious: boolean },
  by: Actor,
): Promise<string> {
  const secret = newSecret();
  const purpose = purposeOf(slug);
  await db().transaction(async (tx) => {
    const [old] = await tx.select().from(toolSecrets).where(eq(toolSecrets.slug, slug)).for("update");
    if ((old?.createdAt.getTime() ?? null) !== (seen?.getTime() ?? null)) throw new Refusal("tool_changed");
    const isKept = old !== undefined && keepPrevious && unseal(old.secret, purpose) !== null;
    const values = {
      secret: seal(secret, purpose),
      hint: secret.slice(-4),
      // Never the same twice: it tells one secret from the next.
      createdAt: new Date(Math.max(Date.now(), (old?.createdAt.getTime() ?? 0) + 1)),
      previous: isKept ? old.secret : null,
      previousUntil: isKept ? new Date(Date.now() + graceHours * 3_600_000) : null,
    };
    const written = old
      ? await tx.update(toolSecrets).set(values).where(eq(toolSecrets.slug, slug)).returning()
      : await tx
          .insert(toolSecrets)
          .values({ slug, ...values })
          .onConflictDoNothing()
          .returning();
    if (written.length === 0) throw new Refusal("tool_changed");
    await recordAct(tx, {
      by,
      action: "tool.secret",
      object: { type: "tool", id: slug },
      ...(old && { before: { secret: "set" } }),
      after: { secret: "set", previous: isKept ? "kept for a day" : "none" },
    });
  });
  return secret;
}

/** What messages of a tool are signed and verified with, the newest first; none: it is not set up. */
export async function findSecrets(slug: string): Promise<string[]> {
  const [row] = await db().select().from(toolSecrets).where(eq(toolSecrets.slug, slug));
  if (!row) return [];
  const isGood = row.previousUntil && row.previousUntil > new Date();
  const sealed = [row.secret, ...(row.previous && isGood ? [row.previous] : [])];
  return sealed.flatMap((one) => unseal(one, purposeOf(slug)) ?? []);
}

/** A secret sealed for one tool opens for no other. */
function purposeOf(slug: string): string {
  return `tool:${slug}`;
}
