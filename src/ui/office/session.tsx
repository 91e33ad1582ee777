import "#server-only";

import { notFound, redirect } from "next/navigation";
import { isStaff, mayRole, type Session } from "#identity";
import { pagePath, pageSession, requirePageSession } from "#ui/shell/session";
import { type OfficePage, officePages } from "./pages";

/**
 * Who works here. Nobody is sent to sign in, staff without their code to enter it; customers find nothing. Every page of the back office asks,
 * since a layout does not render again between pages.
 */
export async function requireStaffSession(): Promise<Session> {
  const session = await requirePageSession();
  if (session.awaitsCode) redirect(`/staff-code?next=${encodeURIComponent(await pagePath())}`);
  if (!isStaff(session.user.role)) notFound();
  return session;
}

/** The back office's pages that this person may open; none for customers and visitors. */
export async function openOfficePages(): Promise<OfficePage[]> {
  const session = await pageSession();
  if (!session) return [];
  return officePages.filter(({ right }) => mayRole(session.user.role, right)).map(({ name }) => name);
}
