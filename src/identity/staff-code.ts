import { createHmac, randomInt, timingSafeEqual } from "node:crypto";
import { eq, gt, sql } from "drizzle-orm";
import { type Actor, recordAct } from "#platform/audit";
import { db, type Tx } from "#platform/db";
import type { Id } from "#platform/id";
import { sendMail } from "#platform/mail";
import { limit } from "#platform/rate-limit";
import { Refusal } from "#platform/refusal";
import { authSecret } from "#platform/secret";
import { sessions, staffCodes, users } from "#schema";
import { limits } from "./limits";
import { staffCodeMail } from "./mails";
import type { Session } from "./session";

/**
 * The second step of staff: whatever they signed in with, the back office opens to a session only when a code
 * was entered that was mailed for that very session. Until then the session is a customer's (session.ts), so
 * that nothing which asks for a role can forget to ask for the code.
 */

/** How long a code works, in minutes, and how often it may be tried. */
const codeMinutes = 10;
const mostTries = 5;

/**
 * Mails a code for this session. One that still works is not sent anew unless that is asked for.
 * @throws Refusal not_found for whoever needs none, rate_limited
 */
export async function sendStaffCode(session: Session, { again }: { again: boolean }): Promise<void> {
  requireWaiting(session);
  if (!again && (await hasCode(session.id))) return;
  await limit(limits.staffCodeMail, session.user.id);
  const code = String(randomInt(0, 1_000_000)).padStart(6, "0");
  const mail = await staffCodeMail(session.user, code, codeMinutes);
  await db().transaction(async (tx) => {
    const row = {
      codeHash: hashOf(session.id, code),
      tries: 0,
      expiresAt: sql`now() + make_interval(mins => ${codeMinutes})`,
    };
    await tx
      .insert(staffCodes)
      .values({ sessionId: session.id, ...row })
      .onConflictDoUpdate({ target: staffCodes.sessionId, set: row });
    await sendMail(tx, mail);
  });
}

/**
 * Opens the back office to this session.
 * @throws Refusal not_found for whoever needs no code, staff_code_wrong with the tries left, staff_code_over for
 *   one that has expired, was tried too often or never sent, rate_limited
 */
export async function confirmStaff(
  session: Session,
  code: string,
  { address }: { address: string | null },
): Promise<void> {
  requireWaiting(session);
  await limit(limits.staffCodeTry, session.user.id);
  // A wrong try is counted although it is refused: the refusal is thrown when that has been committed.
  const left = await db().transaction((tx) => tryCode(tx, session, code, address));
  if (left === "confirmed") return;
  if (left === 0) throw new Refusal("staff_code_over");
  throw new Refusal("staff_code_wrong", { left });
}

/** @returns how many tries are left after a wrong one. */
async function tryCode(
  tx: Tx,
  session: Session,
  code: string,
  address: string | null,
): Promise<"confirmed" | number> {
  const mine = eq(staffCodes.sessionId, session.id);
  const [row] = await tx
    .select({ codeHash: staffCodes.codeHash, tries: staffCodes.tries, live: isLive })
    .from(staffCodes)
    .where(mine)
    .for("update");
  if (!row?.live || row.tries >= mostTries) return 0;
  if (!isSame(row.codeHash, hashOf(session.id, code))) {
    await tx
      .update(staffCodes)
      .set({ tries: row.tries + 1 })
      .where(mine);
    return mostTries - row.tries - 1;
  }
  await tx.delete(staffCodes).where(mine);
  await tx.update(sessions).set({ staffConfirmedAt: sql`now()` }).where(eq(sessions.id, session.id));
  const [user] = await tx.select({ role: users.role }).from(users).where(eq(users.id, session.user.id));
  const by: Actor = { id: session.user.id, role: user?.role ?? null, address, requestId: null };
  await recordAct(tx, { by, action: "staff.enter", object: { type: "session", id: session.id } });
  return "confirmed";
}

const isLive = sql<boolean>`${gt(staffCodes.expiresAt, sql`now()`)}`;

async function hasCode(sessionId: Id<"session">): Promise<boolean> {
  const [row] = await db()
    .select({ live: isLive, tries: staffCodes.tries })
    .from(staffCodes)
    .where(eq(staffCodes.sessionId, sessionId));
  return (row?.live ?? false) && (row?.tries ?? 0) < mostTries;
}

function requireWaiting({ awaitsCode }: Session): void {
  if (!awaitsCode) throw new Refusal("not_found");
}

/** A code has few digits: without the site's secret nobody can guess it from what is stored. */
function hashOf(sessionId: string, code: string): string {
  return createHmac("sha256", authSecret()).update(`staff-code:${sessionId}:${code}`).digest("base64url");
}

function isSame(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}
