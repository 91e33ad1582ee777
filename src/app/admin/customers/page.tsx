import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { mayRole } from "#identity";
import { NotAllowed } from "#ui/office/not-allowed";
import { requireStaffSession } from "#ui/office/session";
import { PageHeader } from "#ui/primitives/card";
import { CustomersView } from "./customers-view";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("office.customers");
  return { title: t("title") };
}

/** Everybody who has signed up, and one search for whatever somebody has of them. */
export default async function CustomersPage() {
  const { user } = await requireStaffSession();
  const t = await getTranslations("office.customers");
  if (!mayRole(user.role, "customers.read")) return <NotAllowed right="customers.read" role={user.role} />;
  return (
    <>
      <PageHeader title={t("title")} description={t("text")} />
      <CustomersView mayGift={mayRole(user.role, "credits.gift")} />
    </>
  );
}
