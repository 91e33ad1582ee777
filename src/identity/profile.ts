import { eq, sql } from "drizzle-orm";
import { z } from "zod";
import { db } from "#platform/db";
import { fieldErrors } from "#platform/field-errors";
import { enqueue } from "#platform/queue";
import { Refusal } from "#platform/refusal";
import { isTimeZone } from "#platform/time-zone";
import { users } from "#schema";
import type { Session, User } from "./session";

/** What people may change about themselves. */
export const profileSchema = z.object({
  name: z.string().trim().min(1).max(100).optional(),
  locale: z.enum(["en", "zh"]).optional(),
  /** An IANA zone. */
  timeZone: z.string().max(64).refine(isTimeZone).optional(),
});

export type ProfileChange = z.infer<typeof profileSchema>;

/**
 * Changes name, language or time zone; what is left out stays.
 * @throws Refusal invalid_request for a blank name or an unknown zone.
 */
export async function updateProfile(session: Session, change: ProfileChange): Promise<User> {
  const parsed = profileSchema.safeParse(change);
  if (!parsed.success) {
    throw new Refusal("invalid_request", { errors: fieldErrors(parsed.error) });
  }
  const { name, locale, timeZone } = parsed.data;
  const given = {
    ...(name !== undefined && { name }),
    ...(locale !== undefined && { locale }),
    ...(timeZone !== undefined && { timeZone }),
  };
  const { accountId, user } = session;
  await db().transaction(async (tx) => {
    await tx
      .update(users)
      .set({ ...given, updatedAt: sql`now()` })
      .where(eq(users.id, user.id));
    // Stripe writes to its customers, too.
    if (locale !== undefined && locale !== user.locale) {
      await enqueue(tx, "billing.locale", { accountId }, { key: `billing.locale:${accountId}` });
    }
  });
  return { ...user, ...given };
}
