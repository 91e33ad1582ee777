import { Gift } from "lucide-react";
import type { Metadata } from "next";
import Link from "next/link";
import { getTranslations } from "next-intl/server";
import { mayRole } from "#identity";
import { NotAllowed } from "#ui/office/not-allowed";
import { requireStaffSession } from "#ui/office/session";
import { Button } from "#ui/primitives/button";
import { PageHeader } from "#ui/primitives/card";
import { GiftsView } from "./gifts-view";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("officeGifts");
  return { title: t("title") };
}

/** Credits given to segments, how far each gift has come, and what of it is left. */
export default async function GiftsPage() {
  const { user } = await requireStaffSession();
  const t = await getTranslations("officeGifts");
  if (!mayRole(user.role, "credits.gift")) return <NotAllowed right="credits.gift" role={user.role} />;
  return (
    <>
      <PageHeader
        title={t("title")}
        description={t("text")}
        actions={
          <Button asChild>
            <Link href="/admin/gifts/new">
              <Gift aria-hidden="true" strokeWidth={1.75} />
              {t("new")}
            </Link>
          </Button>
        }
      />
      <GiftsView />
    </>
  );
}
