import { createHmac, randomBytes } from "node:crypto";
import { lt, sql } from "drizzle-orm";
import { networkOf } from "#platform/address";
import { db } from "#platform/db";
import { singleton } from "#platform/singleton";
import { visitorSalts } from "#schema";

/**
 * A browser is counted once a day without a cookie: by a hash of its network, its kind and a secret that all
 * processes share for that day. When the secret is deleted nothing leads from a hash to anybody, or to the day
 * after.
 */

type Salt = { day: string; salt: Buffer };
const current = singleton<Promise<Salt>>("visitor-salt");

/** The visitor of the day (UTC) that `at` lies in: 16 characters. */
export async function visitorOf(address: string, agent: string, at: Date = new Date()): Promise<string> {
  const day = at.toISOString().slice(0, 10);
  let { day: known, salt } = await current.once(() => readSalt(day));
  if (known !== day) {
    current.set(readSalt(day));
    ({ day: known, salt } = await current.once(() => readSalt(day)));
  }
  const text = `${networkOf(address)}\n${agent}`;
  return createHmac("sha256", salt).update(text).digest("base64url").slice(0, 16);
}

async function readSalt(day: string): Promise<Salt> {
  try {
    await db()
      .insert(visitorSalts)
      .values({ day, salt: randomBytes(32) })
      .onConflictDoNothing();
    const [row] = await db().select().from(visitorSalts).where(sql`${visitorSalts.day} = ${day}`);
    if (!row) throw new Error("the day's salt was not written");
    return row;
  } catch (error) {
    // Asked for anew next time, rather than failing for the rest of the day.
    current.clear();
    throw error;
  }
}

/** Deletes the secrets of days that are over. */
export async function forgetSalts(): Promise<void> {
  await db().delete(visitorSalts).where(lt(visitorSalts.day, sql`(now() at time zone 'UTC')::date - 1`));
}
