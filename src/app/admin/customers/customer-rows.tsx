"use client";

import { useTranslations } from "next-intl";
import type { CustomerJson } from "#api/contract";
import { Time } from "#ui/data/cells";
import { type Column, Table } from "#ui/data/table";
import { Badge } from "#ui/primitives/badge";
import { useFormat } from "#ui/use-format";

/** Customers as rows, each a link to their page. */
export function CustomerRows({ customers }: { customers: readonly CustomerJson[] }) {
  const t = useTranslations("office.customers");
  const words = useTranslations("officeCustomers.list");
  const format = useFormat();
  const columns: Column<CustomerJson>[] = [
    {
      key: "email",
      header: t("column.email"),
      mobile: "title",
      cell: ({ email }) => <span className="font-medium wrap-anywhere">{email}</span>,
    },
    {
      key: "name",
      header: t("column.name"),
      cell: ({ name }) => <span className="text-text-2">{name}</span>,
    },
    { key: "plan", header: words("plan"), cell: (customer) => <Plan customer={customer} /> },
    { key: "flags", header: t("column.flags"), cell: (customer) => <Flags customer={customer} /> },
    {
      key: "since",
      header: t("column.since"),
      width: "w-44",
      cell: ({ createdAt }) => <Time at={createdAt} show="dateTime" />,
    },
    {
      key: "balance",
      header: t("column.balance"),
      align: "right",
      mobile: "corner",
      width: "w-36",
      cell: ({ available }) => format.integer(available),
    },
  ];
  return (
    <Table
      label={t("title")}
      columns={columns}
      rows={customers}
      rowKey={({ id }) => id}
      rowHref={({ id }) => `/admin/customers/${id}`}
      dense
    />
  );
}

/** The plan, with its state where that is not simply active. */
function Plan({ customer: { plan, status } }: { customer: CustomerJson }) {
  const plans = useTranslations("pricing.plan");
  const words = useTranslations("officeCustomers.list");
  if (!plan) return <span className="text-text-3">{plans("free")}</span>;
  const named = status === "trialing" || status === "paused" ? status : null;
  return (
    <span className="whitespace-nowrap text-text">
      {plans(plan)}
      {named && <span className="text-text-3"> · {words(`status.${named}`)}</span>}
    </span>
  );
}

function Flags({ customer: { emailVerified, role, flag, status, suspended } }: { customer: CustomerJson }) {
  const t = useTranslations("office.customers");
  const roles = useTranslations("office.role");
  const words = useTranslations("officeCustomers.list");
  return (
    <span className="flex flex-wrap gap-1.5">
      {(status === "past_due" || status === "unpaid") && (
        <Badge tone="danger">{words("flags.past_due")}</Badge>
      )}
      {suspended && <Badge tone="danger">{words("flags.suspended")}</Badge>}
      {flag && <Badge tone="danger">{words(`flags.${flag}`)}</Badge>}
      {!emailVerified && <Badge tone="hold">{t("verifiedNo")}</Badge>}
      {role !== "user" && <Badge>{roles(role)}</Badge>}
    </span>
  );
}
