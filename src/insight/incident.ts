import { eq, sql } from "drizzle-orm";
import { type Actor, recordAct } from "#platform/audit";
import { db } from "#platform/db";
import { type Id, newId } from "#platform/id";
import { Refusal } from "#platform/refusal";
import { incidents, incidentUpdates } from "#schema";
import type { Part } from "./probe";

/** What staff tell of an incident, on the public status page and in both languages. */

export const incidentStates = ["investigating", "identified", "monitoring", "resolved"] as const;
export type IncidentState = (typeof incidentStates)[number];
type Words = { en: string; zh: string };
export type IncidentUpdate = { state: IncidentState; text: Words };

/** Opens one that probes do not see. */
export async function openIncident(
  { part, title, update }: { part: Part | null; title: Words; update: IncidentUpdate },
  by: Actor,
): Promise<Id<"incident">> {
  const id = newId("incident");
  await db().transaction(async (tx) => {
    await tx.insert(incidents).values({
      ...{ id, part, origin: "staff", titleEn: title.en, titleZh: title.zh },
      resolvedAt: update.state === "resolved" ? sql`now()` : null,
    });
    const { en: textEn, zh: textZh } = update.text;
    await tx.insert(incidentUpdates).values({ incidentId: id, state: update.state, textEn, textZh });
    await recordAct(tx, {
      ...{ by, action: "incident.open", object: { type: "incident", id } },
      after: { part, title: title.en, state: update.state },
    });
  });
  return id;
}

/**
 * Says more of an open one; the state `resolved` ends it.
 * @throws Refusal not_found, also for one that is over
 */
export async function updateIncident(id: string, { state, text }: IncidentUpdate, by: Actor): Promise<void> {
  await db().transaction(async (tx) => {
    const [incident] = await tx
      .select()
      .from(incidents)
      .where(sql`${incidents.id} = ${id} and ${incidents.resolvedAt} is null`)
      .for("update");
    if (!incident) throw new Refusal("not_found");
    const incidentId = incident.id;
    const { en: textEn, zh: textZh } = text;
    await tx.insert(incidentUpdates).values({ incidentId, state, textEn, textZh });
    if (state === "resolved") {
      await tx.update(incidents).set({ resolvedAt: sql`now()` }).where(eq(incidents.id, incidentId));
    }
    await recordAct(tx, {
      ...{ by, action: state === "resolved" ? "incident.resolve" : "incident.update" },
      ...{ object: { type: "incident", id }, after: { state } },
    });
  });
}
