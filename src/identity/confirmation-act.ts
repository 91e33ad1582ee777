import { eq } from "drizzle-orm";
import { z } from "zod";
import { type ActRequest, actOnce } from "#platform/act-once";
import { recordAct } from "#platform/audit";
import { db } from "#platform/db";
import type { Id } from "#platform/id";
import { enqueue } from "#platform/queue";
import { Refusal } from "#platform/refusal";
import { users } from "#schema";
import { limitMail } from "./limits";
import { lockUser } from "./suspension";

const sent = z.object({ sent: z.boolean() });

/**
 * Has staff send somebody another link to confirm their address, counted against the same limits as if they had
 * asked for it themselves.
 * @throws Refusal not_found, mail_verified, rate_limited, forbidden on staff for who may not change staff,
 *   idempotency_conflict
 */
export async function sendConfirmation(userId: Id<"user">, request: ActRequest): Promise<void> {
  const [user] = await db().select().from(users).where(eq(users.id, userId));
  if (!user) throw new Refusal("not_found");
  const { by, reason } = request;
  await limitMail({ email: user.email, address: by.address, device: null });
  await db().transaction((tx) =>
    actOnce(tx, request, ["user.confirm", userId], sent, async () => {
      const { email, emailVerified } = await lockUser(tx, userId, by);
      if (emailVerified) throw new Refusal("mail_verified");
      await recordAct(tx, {
        ...{ by, reason, action: "user.confirm", object: { type: "user", id: userId } },
        customerId: userId,
      });
      await enqueue(tx, "identity.confirm", { email });
      return { sent: true };
    }),
  );
}
