"use client";

import { useTranslations } from "next-intl";
import { useId } from "react";
import type { KeyJson } from "#api/contract";
import { api } from "#ui/api";
import { Time } from "#ui/data/cells";
import { Button } from "#ui/primitives/button";
import { Dialog } from "#ui/primitives/dialog";
import { FieldError } from "#ui/primitives/field";
import { toast } from "#ui/primitives/toast";
import { useKeyProblem } from "./key-problem";
import { useKeyAct } from "./keys-query";

type RevokeDialogProps = { target: KeyJson | null; onClose: () => void };

/** Ends a key, after saying what that breaks. */
export function RevokeDialog({ target, onClose }: RevokeDialogProps) {
  return target && <Confirmation key={target.id} apiKey={target} onClose={onClose} />;
}

function Confirmation({ apiKey, onClose }: { apiKey: KeyJson; onClose: () => void }) {
  const t = useTranslations("keys");
  const id = useId();
  const problemOf = useKeyProblem();
  const revoke = useKeyAct(() => api.delete(`/keys/${apiKey.id}`));
  const confirm = () =>
    revoke.mutate(undefined, {
      onSuccess: () => {
        toast.done(t("revoke.done", { name: apiKey.name }));
        onClose();
      },
    });
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t("revoke.title", { name: apiKey.name })}
      description={t("revoke.text")}
      footer={
        <>
          <Button variant="secondary" onClick={onClose}>
            {t("revoke.cancel")}
          </Button>
          <Button variant="danger" busy={revoke.isPending} onClick={confirm}>
            {t("revoke.confirm")}
          </Button>
        </>
      }
    >
      <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1 text-13">
        <dt className="text-text-3">{t("column.name")}</dt>
        <dd className="font-mono text-12 text-text">{apiKey.hint}</dd>
        <dt className="text-text-3">{t("column.lastUsed")}</dt>
        <dd className="text-text">{apiKey.lastUsedAt ? <Time at={apiKey.lastUsedAt} /> : t("neverUsed")}</dd>
      </dl>
      <FieldError id={id} error={revoke.error ? problemOf(revoke.error) : undefined} />
    </Dialog>
  );
}
