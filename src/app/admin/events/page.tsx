import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { mayRole } from "#identity";
import { NotAllowed } from "#ui/office/not-allowed";
import { requireStaffSession } from "#ui/office/session";
import { PageHeader } from "#ui/primitives/card";
import { EventsView } from "./events-view";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("office.events");
  return { title: t("title") };
}

/** What Stripe told, what became of it, and a second try for what was given up. */
export default async function EventsPage() {
  const { user } = await requireStaffSession();
  const t = await getTranslations("office.events");
  if (!mayRole(user.role, "payments.read")) return <NotAllowed right="payments.read" role={user.role} />;
  return (
    <>
      <PageHeader title={t("title")} description={t("text")} />
      <EventsView mayReplay={mayRole(user.role, "payments.replay")} />
    </>
  );
}
