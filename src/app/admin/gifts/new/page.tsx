import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { mayRole } from "#identity";
import { NotAllowed } from "#ui/office/not-allowed";
import { requireStaffSession } from "#ui/office/session";
import { PageHeader } from "#ui/primitives/card";
import { NewGift } from "./new-gift";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("officeGifts");
  return { title: t("newTitle") };
}

/** Who gets credits, how many, and what that comes to. */
export default async function NewGiftPage() {
  const { user } = await requireStaffSession();
  const t = await getTranslations("officeGifts");
  if (!mayRole(user.role, "credits.gift")) return <NotAllowed right="credits.gift" role={user.role} />;
  return (
    <>
      <PageHeader title={t("newTitle")} description={t("newText")} />
      <NewGift />
    </>
  );
}
