import { createHmac, hkdfSync } from "node:crypto";
import { and, isNotNull, lt, sql } from "drizzle-orm";
import type { Task } from "graphile-worker";
import { networkOf } from "#platform/address";
import { db, type Queryable } from "#platform/db";
import { authSecret } from "#platform/secret";
import { signUps, users } from "#schema";
import { mailboxOf } from "./mailbox";

/** Where users came from, as far as free credits need to know it, and no longer. */

/** A network is remembered so long. */
const rememberedDays = 30;

/** Notes where somebody signed up from; once for each user. @param address null where nobody knows it */
export async function noteSignUp(
  queryable: Queryable,
  { id: userId, email }: { id: string; email: string },
  address: string | null,
): Promise<void> {
  const { mailbox, domain } = mailboxOf(email);
  const network = address && address !== "unknown" ? hashOf("network", networkOf(address)) : null;
  // A sign-up with a known address has the id of nobody, and is not told from another by its time.
  await queryable.execute(sql`
    insert into ${signUps} (user_id, network, mailbox, domain)
    select id, ${network}, ${hashOf("mailbox", mailbox)}, ${domain} from ${users} where id = ${userId}
    on conflict do nothing`);
}

/** Forgets the networks of sign-ups that are long past. */
export const forgetNetworks: Task = async () => {
  await db()
    .update(signUps)
    .set({ network: null })
    .where(
      and(
        isNotNull(signUps.network),
        lt(signUps.createdAt, sql`now() - make_interval(days => ${rememberedDays}::int)`),
      ),
    );
};

/** Equal for equal texts, and of no use to whoever has not got AUTH_SECRET. */
function hashOf(kind: "network" | "mailbox", text: string): string {
  const key = Buffer.from(hkdfSync("sha256", authSecret(), "", `toolmint sign-ups ${kind}`, 32));
  return createHmac("sha256", key).update(text).digest("base64url");
}
