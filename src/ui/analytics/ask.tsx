import { headers } from "next/headers";
import { isStaff } from "#identity";
import { asksConsent, choiceOf, connectedServices } from "#insight";
import { pageSession } from "#ui/shell/session";
import { ConsentBanner } from "./consent";

/** The banner, for whoever has not answered it and has not told their browser to refuse; never without a service. */
export async function AskConsent() {
  if (!asksConsent()) return null;
  const { choice } = choiceOf(await headers());
  if (choice !== "none") return null;
  const session = await pageSession();
  if (session && (session.awaitsCode || isStaff(session.user.role))) return null;
  return <ConsentBanner services={connectedServices()} />;
}
