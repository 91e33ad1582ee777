import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { mayRole } from "#identity";
import { NotAllowed } from "#ui/office/not-allowed";
import { requireStaffSession } from "#ui/office/session";
import { PageHeader } from "#ui/primitives/card";
import { LedgerView } from "./ledger-view";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("office.ledger");
  return { title: t("title") };
}

/** The proof that the books are right, and what they come to in money. */
export default async function LedgerPage() {
  const { user } = await requireStaffSession();
  const t = await getTranslations("office.ledger");
  if (!mayRole(user.role, "ledger.read")) return <NotAllowed right="ledger.read" role={user.role} />;
  return (
    <>
      <PageHeader title={t("title")} description={t("text")} />
      <LedgerView mayProve={mayRole(user.role, "ledger.reconcile")} />
    </>
  );
}
