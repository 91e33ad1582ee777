"use client";

import { useTranslations } from "next-intl";
import { meanings } from "#billing/access";
import type { Customer, CustomerPlan } from "#insight";
import type { Plain } from "#ui/plain";
import { Badge } from "#ui/primitives/badge";

type CustomerFlagsProps = {
  customer: Pick<Plain<Customer>, "emailVerified" | "role">;
  plan: Plain<CustomerPlan> | null;
};

/** What one should know at once: each flag is a reason to look closer. */
export function CustomerFlags({ customer: { emailVerified, role }, plan }: CustomerFlagsProps) {
  const t = useTranslations("office.customer");
  const words = useTranslations("officeCustomers.flag");
  const list = useTranslations("office.customers");
  const roles = useTranslations("office.role");
  const status = plan?.subscription?.status;
  return (
    <>
      {!emailVerified && <Badge tone="hold">{list("verifiedNo")}</Badge>}
      {status && meanings[status].owes && <Badge tone="danger">{words("pastDue")}</Badge>}
      {plan?.flag && <Badge tone="danger">{t(`flag.${plan.flag}`)}</Badge>}
      {role !== "user" && <Badge tone="info">{words("staff", { role: roles(role) })}</Badge>}
    </>
  );
}
