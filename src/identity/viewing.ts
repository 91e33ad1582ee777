import { eq, sql } from "drizzle-orm";
import { z } from "zod";
import { type ActRequest, actOnce } from "#platform/act-once";
import { type Actor, recordAct } from "#platform/audit";
import { db } from "#platform/db";
import type { Id } from "#platform/id";
import { Refusal } from "#platform/refusal";
import { users, viewings } from "#schema";
import type { Session } from "./session";

/**
 * Staff who look at the site as a customer. Their own session reads as the customer's (`readSession`) until the
 * time is over, they end it or sign out, or they lose the right; whoever has such a session changes nothing,
 * which the API keeps at one place (src/api/viewing.ts).
 */

/** For how long at most. */
export const viewingMinutes = 30;

const started = z.object({ endsAt: z.iso.datetime() });

/**
 * Begins it. The reason stands in the audit log, under the name of who looks.
 * @throws Refusal not_found for nobody, forbidden for staff: their rights are not to be borrowed
 */
export async function startViewing(
  session: Session,
  userId: Id<"user">,
  minutes: number,
  request: ActRequest,
): Promise<z.infer<typeof started>> {
  return db().transaction((tx) =>
    actOnce(tx, request, ["view.start", session.id, userId, minutes], started, async () => {
      const [user] = await tx.select().from(users).where(eq(users.id, userId)).for("share");
      if (!user) throw new Refusal("not_found");
      if (user.role !== "user") throw new Refusal("forbidden");
      const startedAt = new Date();
      const endsAt = new Date(startedAt.getTime() + Math.min(minutes, viewingMinutes) * 60_000);
      await tx
        .insert(viewings)
        .values({ sessionId: session.id, userId, startedAt, endsAt })
        .onConflictDoUpdate({ target: viewings.sessionId, set: { userId, startedAt, endsAt } });
      const { by, reason } = request;
      await recordAct(tx, {
        by: { ...by, asUserId: userId },
        ...{ action: "view.start", object: { type: "user", id: userId }, customerId: userId },
        ...{ after: { endsAt }, reason },
      });
      return { endsAt: endsAt.toISOString() };
    }),
  );
}

/** Ends it before its time; ending it twice is ending it once. */
export async function endViewing(session: Session, by: Omit<Actor, "id" | "role">): Promise<void> {
  const { viewing, user } = session;
  if (!viewing) return;
  await db().transaction(async (tx) => {
    const ended = await tx
      .delete(viewings)
      .where(sql`${viewings.sessionId} = ${session.id} and ${viewings.userId} = ${user.id}`)
      .returning({ startedAt: viewings.startedAt });
    if (ended.length === 0) return;
    await recordAct(tx, {
      by: { ...by, id: viewing.by.id, role: viewing.by.role, asUserId: user.id },
      ...{ action: "view.end", object: { type: "user", id: user.id }, customerId: user.id },
    });
  });
}
