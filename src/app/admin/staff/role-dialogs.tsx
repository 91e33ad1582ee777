"use client";

import { Minus, Plus } from "lucide-react";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useEffect, useId, useState } from "react";
import type { StaffMemberJson } from "#api/contract";
import type { Role } from "#identity";
import { api, Problem } from "#ui/api";
import { ActDialog } from "#ui/office/act-dialog";
import { Field } from "#ui/primitives/field";
import { Input } from "#ui/primitives/input";
import { Select } from "#ui/primitives/select";
import { toast } from "#ui/primitives/toast";
import { type Access, difference, staffRoles } from "./access";

type AddDialogProps = { open: boolean; onOpenChange: (open: boolean) => void; access: Access };

/** Makes somebody who has signed up a member of the staff. */
export function AddDialog({ open, onOpenChange, access }: AddDialogProps) {
  const t = useTranslations("office.staff");
  const roleName = useTranslations("office.role");
  const router = useRouter();
  const id = useId();
  const [email, setEmail] = useState("");
  const [role, setRole] = useState<Role>("support");
  useEffect(() => {
    if (!open) setEmail("");
  }, [open]);
  const add = async (reason: string) => {
    const member = await api.post<StaffMemberJson>("/admin/staff", { email: email.trim(), role, reason });
    toast.done(t("added", { name: member.name || member.email, role: roleName(member.role) }));
    router.refresh();
  };
  return (
    <ActDialog
      open={open}
      onOpenChange={onOpenChange}
      title={t("addTitle")}
      description={t("addText")}
      act={t("addAct")}
      incomplete={!email.includes("@")}
      onAct={add}
      explain={(error) =>
        error instanceof Problem && error.errors.some(({ path }) => path === "email")
          ? t("addNobody", { email: email.trim() })
          : null
      }
    >
      <Field id={`${id}-email`} label={t("email")}>
        <Input
          id={`${id}-email`}
          type="email"
          autoComplete="off"
          value={email}
          onChange={(event) => setEmail(event.target.value)}
        />
      </Field>
      <RoleField id={`${id}-role`} role={role} onChange={setRole} />
      <Difference access={access} from="user" to={role} />
    </ActDialog>
  );
}

type ChangeDialogProps = {
  chosen: { member: StaffMemberJson; remove: boolean } | null;
  self: string;
  onOpenChange: (open: boolean) => void;
  access: Access;
};

/** Gives a member another role, or takes it away. */
export function ChangeDialog({ chosen, self, onOpenChange, access }: ChangeDialogProps) {
  const t = useTranslations("office.staff");
  const roleName = useTranslations("office.role");
  const router = useRouter();
  const id = useId();
  const [role, setRole] = useState<Role | null>(null);
  // The dialog still shows its member while it fades out.
  const [shown, setShown] = useState(chosen);
  useEffect(() => {
    if (!chosen) return;
    setShown(chosen);
    setRole(null);
  }, [chosen]);
  if (!shown) return null;
  const { member, remove } = shown;
  const name = member.name || member.email;
  const to = remove ? "user" : (role ?? member.role);
  const change = async (reason: string) => {
    await api.patch(`/admin/staff/${member.id}`, { role: to, reason });
    toast.done(remove ? t("removed", { name }) : t("changed", { name, role: roleName(to) }));
    router.refresh();
  };
  return (
    <ActDialog
      open={chosen !== null}
      onOpenChange={onOpenChange}
      title={remove ? t("removeTitle", { name }) : t("changeTitle", { name })}
      description={member.id === self ? t("yourself") : remove ? t("removeText") : t("changeText")}
      act={remove ? t("removeAct") : t("changeAct", { role: roleName(to) })}
      danger={remove}
      incomplete={to === member.role}
      onAct={change}
    >
      {!remove && <RoleField id={`${id}-role`} role={to} onChange={setRole} />}
      <Difference access={access} from={member.role} to={to} />
    </ActDialog>
  );
}

type RoleFieldProps = { id: string; role: Role; onChange: (role: Role) => void };

function RoleField({ id, role, onChange }: RoleFieldProps) {
  const t = useTranslations("office");
  return (
    <Field id={id} label={t("staff.role")}>
      <Select
        id={id}
        value={role}
        onChange={(event) => {
          const chosen = staffRoles.find((known) => known === event.target.value);
          if (chosen) onChange(chosen);
        }}
        options={staffRoles.map((value) => ({ value, label: t(`role.${value}`) }))}
      />
    </Field>
  );
}

/** What the act will give and take. */
function Difference({ access, from, to }: { access: Access; from: Role; to: Role }) {
  const t = useTranslations("office");
  const { gained, lost } = difference(access, from, to);
  const lines = [
    ...gained.map((right) => ({ right, gain: true })),
    ...lost.map((right) => ({ right, gain: false })),
  ];
  return (
    <div className="grid gap-2 rounded-field border border-line bg-sunken px-3.5 py-3" data-testid="preview">
      <p className="text-13 font-medium text-text">
        {t("act.preview")}: {t(`role.${from}`)} → {t(`role.${to}`)}
      </p>
      {lines.length === 0 ? (
        <p className="text-13 text-text-2">{t("staff.noDifference")}</p>
      ) : (
        <ul className="grid gap-1 text-13 text-text-2">
          {lines.map(({ right, gain }) => {
            const Icon = gain ? Plus : Minus;
            return (
              <li key={right} className="flex gap-2">
                <Icon aria-hidden="true" className="mt-0.5 size-3.5 shrink-0 text-text-3" strokeWidth={2} />
                <span className="sr-only">{t(gain ? "staff.gains" : "staff.loses")}</span>
                {t(`rights.${right}`)}
              </li>
            );
          })}
        </ul>
      )}
    </div>
  );
}
