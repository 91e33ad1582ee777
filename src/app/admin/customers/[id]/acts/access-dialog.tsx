"use client";

import { useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import type { AccessJson } from "#api/contract";
import { api } from "#ui/api";
import { useIntention } from "#ui/intention";
import { ActDialog } from "#ui/office/act-dialog";
import { ActPreview } from "#ui/office/act-preview";
import { toast } from "#ui/primitives/toast";
import { useFormat } from "#ui/use-format";

export type AccessAct = "suspend" | "restore" | "signOut";

const paths = { suspend: "suspend", restore: "restore", signOut: "sign-out" } as const;

type AccessDialogProps = {
  act: AccessAct;
  customer: { id: string; name: string };
  open: boolean;
  onOpenChange: (open: boolean) => void;
};

/** Keeps a customer out, lets them in again or signs them out, with what that ends. */
export function AccessDialog({ act, customer, open, onOpenChange }: AccessDialogProps) {
  const t = useTranslations("officeActs.access");
  const router = useRouter();
  const intention = useIntention();
  const { id, name } = customer;
  const access = useQuery({
    queryKey: ["office", "access", id],
    queryFn: ({ signal }) => api.get<AccessJson>(`/admin/customers/${id}/access`, { signal }),
    enabled: open,
    staleTime: 0,
  });
  const send = async (reason: string) => {
    await api.post(
      `/admin/customers/${id}/${paths[act]}`,
      { reason },
      { idempotencyKey: intention.keyFor([act, reason]) },
    );
    intention.done();
    toast.done(t(`${act}.done`, { name }));
    router.refresh();
  };
  return (
    <ActDialog
      open={open}
      onOpenChange={onOpenChange}
      title={t(`${act}.title`, { name })}
      description={t(`${act}.text`)}
      act={t(`${act}.act`)}
      danger={act !== "restore"}
      incomplete={!access.data}
      onAct={send}
    >
      <ActPreview query={access} failure={t("failure")}>
        {(data) => <Lines act={act} access={data} />}
      </ActPreview>
    </ActDialog>
  );
}

function Lines({ act, access }: { act: AccessAct; access: AccessJson }) {
  const t = useTranslations("officeActs.access");
  const format = useFormat();
  const { devices, keys, runs, held, autoTopUp, subscribed } = access;
  if (act === "signOut") {
    return (
      <>
        <li>{t("devices", { count: devices })}</li>
        <li>{t("keysGoOn", { count: keys })}</li>
      </>
    );
  }
  if (act === "restore") {
    return (
      <>
        <li>{t("mayComeIn")}</li>
        <li>{t("keysWork", { count: keys })}</li>
        {autoTopUp && <li>{t("topUpGoesOn")}</li>}
      </>
    );
  }
  return (
    <>
      <li>{t("devices", { count: devices })}</li>
      <li>{t("keysStop", { count: keys })}</li>
      <li>{t("runsEnd", { count: runs, credits: format.credits(held) })}</li>
      {autoTopUp && <li>{t("topUpWaits")}</li>}
      {subscribed && <li>{t("planGoesOn")}</li>}
    </>
  );
}
