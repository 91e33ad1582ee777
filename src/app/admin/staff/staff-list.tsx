"use client";

import { MoreHorizontal, UserPlus } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import type { StaffMemberJson } from "#api/contract";
import { Time } from "#ui/data/cells";
import { type Column, Table } from "#ui/data/table";
import { Badge } from "#ui/primitives/badge";
import { Button } from "#ui/primitives/button";
import { Card, CardHeader } from "#ui/primitives/card";
import { IconButton } from "#ui/primitives/icon-button";
import { Menu, MenuItem } from "#ui/primitives/menu";
import type { Access } from "./access";
import { AddDialog, ChangeDialog } from "./role-dialogs";

type StaffListProps = {
  members: readonly StaffMemberJson[];
  /** Whose page it is. */
  self: string;
  mayChange: boolean;
  access: Access;
};

/** Everybody who has a role; owners may add, change and remove. */
export function StaffList({ members, self, mayChange, access }: StaffListProps) {
  const t = useTranslations("office");
  const [adding, setAdding] = useState(false);
  const [changing, setChanging] = useState<{ member: StaffMemberJson; remove: boolean } | null>(null);
  const owners = members.filter(({ role }) => role === "owner").length;
  const columns: Column<StaffMemberJson>[] = [
    {
      key: "name",
      header: t("staff.name"),
      mobile: "title",
      cell: ({ id, name, email }) => (
        <span className="inline-flex items-center gap-2 font-medium">
          {name || email}
          {id === self && <Badge>{t("staff.you")}</Badge>}
        </span>
      ),
    },
    {
      key: "email",
      header: t("staff.email"),
      cell: ({ email }) => <span className="wrap-anywhere text-text-2">{email}</span>,
    },
    { key: "role", header: t("staff.role"), width: "w-32", cell: ({ role }) => t(`role.${role}`) },
    {
      key: "since",
      header: t("staff.since"),
      width: "w-36",
      cell: ({ createdAt }) => <Time at={createdAt} show="date" />,
    },
    ...(mayChange
      ? [
          {
            key: "acts",
            header: <span className="sr-only">{t("staff.acts")}</span>,
            mobile: "corner" as const,
            align: "right" as const,
            width: "w-14",
            cell: (member: StaffMemberJson) => (
              <MemberMenu
                member={member}
                lastOwner={member.role === "owner" && owners === 1}
                onChoose={(remove) => setChanging({ member, remove })}
              />
            ),
          },
        ]
      : []),
  ];
  return (
    <Card aria-labelledby="members">
      <CardHeader
        id="members"
        title={t("staff.members")}
        hint={t("staff.membersHint", { count: members.length })}
        action={
          mayChange ? (
            <Button size="sm" onClick={() => setAdding(true)}>
              <UserPlus aria-hidden="true" strokeWidth={1.75} />
              {t("staff.add")}
            </Button>
          ) : (
            <span className="text-13 text-text-3">{t("staff.ownersChange")}</span>
          )
        }
      />
      <div className="border-t border-line">
        <Table label={t("staff.members")} columns={columns} rows={members} rowKey={({ id }) => id} dense />
      </div>
      <AddDialog open={adding} onOpenChange={setAdding} access={access} />
      <ChangeDialog
        chosen={changing}
        self={self}
        onOpenChange={(open) => !open && setChanging(null)}
        access={access}
      />
    </Card>
  );
}

type MemberMenuProps = {
  member: StaffMemberJson;
  lastOwner: boolean;
  onChoose: (remove: boolean) => void;
};

function MemberMenu({ member, lastOwner, onChoose }: MemberMenuProps) {
  const t = useTranslations("office.staff");
  return (
    <Menu
      trigger={
        <IconButton
          size="sm"
          label={t("actsFor", { name: member.name || member.email })}
          icon={<MoreHorizontal strokeWidth={1.75} />}
        />
      }
    >
      {lastOwner && <p className="max-w-60 px-2.5 py-2 text-13 text-text-2">{t("lastOwner")}</p>}
      <MenuItem disabled={lastOwner} onSelect={() => onChoose(false)}>
        {t("change")}
      </MenuItem>
      <MenuItem danger disabled={lastOwner} onSelect={() => onChoose(true)}>
        {t("remove")}
      </MenuItem>
    </Menu>
  );
}
