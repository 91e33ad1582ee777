import { eq } from "drizzle-orm";
import { type Actor, recordAct } from "#platform/audit";
import { db } from "#platform/db";
import { Refusal } from "#platform/refusal";
import { singleton } from "#platform/singleton";
import { safetySettings } from "#schema";
import { readWordList, type WordList } from "./word-list";

/** What the operator forbids, and who else is asked. */

export type SafetyRules = Omit<typeof safetySettings.$inferSelect, "id">;
export type SafetyWish = Omit<SafetyRules, "version">;

/** What holds until somebody says otherwise. */
const initial: SafetyRules = {
  ...{ phrases: [], asksModel: true, withoutVerdict: "pass", verdictSeconds: 5, version: 0 },
};

export async function readSafetyRules(): Promise<SafetyRules> {
  const [row] = await db().select().from(safetySettings);
  if (!row) return initial;
  const { id: _, ...rules } = row;
  return rules;
}

/**
 * @param version the one that the wish was made from
 * @throws Refusal draft_stale when somebody else has changed them since
 */
export async function changeSafetyRules(
  wish: SafetyWish,
  { version, by, reason }: { version: number; by: Actor; reason: string },
): Promise<void> {
  await db().transaction(async (tx) => {
    await tx.insert(safetySettings).values({ id: true }).onConflictDoNothing();
    const [old] = await tx.select().from(safetySettings).where(eq(safetySettings.id, true)).for("update");
    if (!old) throw new Error("the settings vanished under their lock");
    if (old.version !== version) throw new Refusal("draft_stale");
    await tx.update(safetySettings).set({ ...wish, version: version + 1 });
    await recordAct(tx, {
      ...{ by, action: "safety.change", object: { type: "settings", id: "safety" }, reason },
      ...changeOf(old, wish),
    });
  });
}

/** The words themselves stay out of a log that is never deleted. */
function changeOf({ phrases: had, ...old }: SafetyWish, { phrases, ...wish }: SafetyWish) {
  const before = toldOf(old);
  const after = toldOf(wish);
  return {
    before: { ...before, phrases: had.length },
    after: {
      ...after,
      phrases: phrases.length,
      added: phrases.filter((phrase) => !had.includes(phrase)).length,
      removed: had.filter((phrase) => !phrases.includes(phrase)).length,
    },
  };
}

function toldOf({ asksModel, withoutVerdict, verdictSeconds }: Omit<SafetyWish, "phrases">) {
  return { asksModel, withoutVerdict, verdictSeconds };
}

export type CurrentRules = Omit<SafetyRules, "phrases"> & { words: WordList };

const kept = singleton<CurrentRules>("safety.rules");

/** The rules as they are now, with the list made ready; it is read only when it has changed. */
export async function currentRules(): Promise<CurrentRules> {
  const [row] = await db().select({ version: safetySettings.version }).from(safetySettings);
  const known = kept.get();
  if (known?.version === (row?.version ?? 0)) return known;
  const { phrases, ...rules } = await readSafetyRules();
  const current = { ...rules, words: readWordList(phrases) };
  kept.set(current);
  return current;
}
