"use client";

import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import type { ActJson } from "#api/contract";
import { MonoId } from "#ui/data/cells";
import { useActChanges } from "#ui/office/act-fields";
import { useActionName, useObjectType } from "#ui/office/act-words";
import { useLast } from "#ui/office/use-last";
import { Dialog } from "#ui/primitives/dialog";
import { useFormat } from "#ui/use-format";

type ActSheetProps = { act: ActJson | undefined; onClose: () => void };

/** Everything that is on record about one act. */
export function ActSheet({ act, onClose }: ActSheetProps) {
  const actionName = useActionName();
  const shown = useLast(act);
  return (
    <Dialog
      shape="sheet"
      open={act !== undefined}
      onOpenChange={(open) => !open && onClose()}
      title={shown ? actionName(shown.action) : ""}
    >
      {shown && <Facts act={shown} />}
    </Dialog>
  );
}

function Facts({ act }: { act: ActJson }) {
  const t = useTranslations("office.audit");
  const role = useTranslations("office");
  const typeName = useObjectType();
  const format = useFormat();
  const changes = useActChanges()(act);
  return (
    <div className="grid gap-5">
      <dl className="grid gap-3">
        <Fact name={t("column.time")}>
          {format.exactTime(act.createdAt)}
          <span className="block text-12 text-text-3">{format.utc(act.createdAt)}</span>
        </Fact>
        <Fact name={t("column.actor")}>
          {act.actorMail ?? t("terminal")}
          {isRole(act.actorRole) && <span className="text-text-3"> · {role(`role.${act.actorRole}`)}</span>}
          {act.actorId && <MonoId id={act.actorId} label={t("column.actor")} className="flex" />}
        </Fact>
        {act.asUserId && (
          <Fact name={t("as")}>
            <MonoId id={act.asUserId} label={t("as")} />
          </Fact>
        )}
        {act.reason && <Fact name={t("column.reason")}>{act.reason}</Fact>}
        <Fact name={t("object", { type: typeName(act.objectType) })}>
          <MonoId id={act.objectId} label={t("column.object")} />
        </Fact>
        {act.customerId && (
          <Fact name={t("customer")}>
            {act.customerMail}
            <MonoId id={act.customerId} label={t("customer")} className="flex" />
          </Fact>
        )}
        {act.address && <Fact name={t("address")}>{act.address}</Fact>}
        {act.requestId && (
          <Fact name={t("request")}>
            <MonoId id={act.requestId} label={t("request")} />
          </Fact>
        )}
      </dl>
      {changes.length > 0 && (
        <table className="w-full text-13">
          <thead>
            <tr className="text-left text-12 text-text-3 *:border-b *:border-line *:py-1.5 *:pr-3 *:font-medium">
              <th scope="col">{t("field")}</th>
              <th scope="col">{t("before")}</th>
              <th scope="col">{t("after")}</th>
            </tr>
          </thead>
          <tbody>
            {changes.map(({ name, before, after }) => (
              <tr key={name} className="align-top *:border-b *:border-line *:py-1.5 *:pr-3">
                <th scope="row" className="text-left font-normal text-text-2">
                  {name}
                </th>
                <td className="wrap-anywhere text-text-2">{before ?? "—"}</td>
                <td className="wrap-anywhere text-text">{after ?? "—"}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <p className="text-12 text-text-3">{t("forever")}</p>
    </div>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="grid gap-0.5 text-13">
      <dt className="text-text-3">{name}</dt>
      <dd className="break-words text-text">{children}</dd>
    </div>
  );
}

const roles = ["user", "support", "analyst", "admin", "owner"] as const;

function isRole(role: string | null): role is (typeof roles)[number] {
  return roles.some((known) => known === role);
}
