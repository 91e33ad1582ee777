import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { PageHeader } from "#ui/primitives/card";
import { requirePageSession } from "#ui/shell/session";
import { BillingView } from "./billing-view";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("billing");
  return { title: t("title") };
}

export default async function BillingPage() {
  await requirePageSession();
  const t = await getTranslations("billing");
  return (
    <>
      <PageHeader title={t("title")} description={t("description")} />
      <BillingView />
    </>
  );
}
