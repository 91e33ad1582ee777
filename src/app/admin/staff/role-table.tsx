"use client";

import { Check, Minus } from "lucide-react";
import { useTranslations } from "next-intl";
import { type Column, Table } from "#ui/data/table";
import { Card, CardHeader } from "#ui/primitives/card";
import { type Access, staffRoles } from "./access";

/** Which role may do what. */
export function RoleTable({ access }: { access: Access }) {
  const t = useTranslations("office");
  const rows = access.owner ?? [];
  const columns: Column<(typeof rows)[number]>[] = [
    { key: "right", header: t("staff.right"), mobile: "title", cell: (right) => t(`rights.${right}`) },
    ...staffRoles.map((role) => ({
      key: role,
      header: t(`role.${role}`),
      width: "w-28",
      cell: (right: (typeof rows)[number]) => <May may={access[role]?.includes(right) ?? false} />,
    })),
  ];
  return (
    <Card aria-labelledby="roles">
      <CardHeader id="roles" title={t("staff.roles")} hint={t("staff.rolesHint")} />
      <div className="border-t border-line">
        <Table label={t("staff.roles")} columns={columns} rows={rows} rowKey={(right) => right} dense />
      </div>
    </Card>
  );
}

function May({ may }: { may: boolean }) {
  const t = useTranslations("office.staff");
  const Icon = may ? Check : Minus;
  return (
    <span className={may ? "text-text" : "text-text-3"}>
      <Icon aria-hidden="true" className="size-4" strokeWidth={1.75} />
      <span className="sr-only">{t(may ? "may" : "mayNot")}</span>
    </span>
  );
}
