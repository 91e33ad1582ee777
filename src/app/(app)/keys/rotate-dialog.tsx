"use client";

import { useTranslations } from "next-intl";
import { useId, useState } from "react";
import type { KeyJson } from "#api/contract";
import { api } from "#ui/api";
import { useIntention } from "#ui/intention";
import { Button } from "#ui/primitives/button";
import { Dialog } from "#ui/primitives/dialog";
import { describedBy, Field, FieldError } from "#ui/primitives/field";
import { Select } from "#ui/primitives/select";
import { useKeyProblem } from "./key-problem";
import { type NewSecret, useKeyAct } from "./keys-query";
import type { ApiSite } from "./quickstart";
import { SecretStep } from "./secret-step";

const graces = { none: 0, hour: 3_600, day: 86_400, week: 604_800 } as const;
type Grace = keyof typeof graces;
const graceNames = ["none", "hour", "day", "week"] as const satisfies readonly Grace[];

type RotateDialogProps = { target: KeyJson | null; site: ApiSite; onClose: () => void };

/** Gives a key a new secret; the old one works on for a while, so that programs can change over. */
export function RotateDialog({ target, site, onClose }: RotateDialogProps) {
  return target && <Rotation key={target.id} apiKey={target} site={site} onClose={onClose} />;
}

type RotationProps = { apiKey: KeyJson; site: ApiSite; onClose: () => void };

function Rotation({ apiKey, site, onClose }: RotationProps) {
  const t = useTranslations("keys.rotate");
  const id = useId();
  const problemOf = useKeyProblem();
  const [grace, setGrace] = useState<Grace>("day");
  const intention = useIntention();
  const rotate = useKeyAct((graceSeconds: number) =>
    api.post<NewSecret>(
      `/keys/${apiKey.id}/rotate`,
      { graceSeconds },
      { idempotencyKey: intention.keyFor(graceSeconds) },
    ),
  );
  if (rotate.data) return <SecretStep made={rotate.data} site={site} onClose={onClose} />;
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t("title", { name: apiKey.name })}
      description={t("text")}
      footer={
        <>
          <Button variant="secondary" onClick={onClose}>
            {t("cancel")}
          </Button>
          <Button busy={rotate.isPending} onClick={() => rotate.mutate(graces[grace])}>
            {t("rotate")}
          </Button>
        </>
      }
    >
      <div className="grid gap-4">
        <Field
          id={id}
          label={t("grace")}
          hint={t(grace === "none" ? "graceNone" : "graceHint", { hint: apiKey.hint })}
        >
          <Select
            {...describedBy(id, { hint: true })}
            value={grace}
            onChange={({ target }) => setGrace(graceNames.find((name) => name === target.value) ?? "day")}
            options={graceNames.map((value) => ({ value, label: t(`after.${value}`) }))}
          />
        </Field>
        <FieldError id={id} error={rotate.error ? problemOf(rotate.error) : undefined} />
      </div>
    </Dialog>
  );
}
