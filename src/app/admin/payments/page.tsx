import type { Metadata } from "next";
import Link from "next/link";
import { getTranslations } from "next-intl/server";
import { mayRole } from "#identity";
import { NotAllowed } from "#ui/office/not-allowed";
import { requireStaffSession } from "#ui/office/session";
import { PageHeader } from "#ui/primitives/card";
import { PaymentsView } from "./payments-view";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("officePayments");
  return { title: t("title") };
}

/** Payments, invoices, refunds and disputes over all customers. */
export default async function PaymentsPage() {
  const { user } = await requireStaffSession();
  const t = await getTranslations("officePayments");
  if (!mayRole(user.role, "payments.read")) return <NotAllowed right="payments.read" role={user.role} />;
  return (
    <>
      <PageHeader title={t("title")} description={t("text")} />
      {mayRole(user.role, "ledger.read") && (
        <p className="-mt-2 pb-4 text-13 text-text-2">
          {t.rich("ledger", {
            link: (text) => (
              <Link href="/admin/ledger" className="font-medium text-text underline underline-offset-4">
                {text}
              </Link>
            ),
          })}
        </p>
      )}
      <PaymentsView />
    </>
  );
}
