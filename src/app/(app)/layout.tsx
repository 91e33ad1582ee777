import type { ReactNode } from "react";
import { AppShell } from "#ui/shell/app-shell";
import { Commands } from "#ui/shell/commands";
import { PublicShell } from "#ui/shell/public-shell";
import { pageSession } from "#ui/shell/session";
import { SessionGate } from "#ui/state/session-gate";

/**
 * The customer's pages. The gallery and the tools are open to visitors too, who get the public header;
 * every other page asks for a session itself, since a layout does not render again between pages.
 */
export default async function AppLayout({ children }: { children: ReactNode }) {
  const session = await pageSession();
  const page = (
    <>
      {children}
      <Commands />
      <SessionGate user={session && { id: session.user.id, email: session.user.email }} />
    </>
  );
  if (session) return <AppShell session={session}>{page}</AppShell>;
  return (
    <PublicShell>
      <div className="page py-8 md:py-10">{page}</div>
    </PublicShell>
  );
}
