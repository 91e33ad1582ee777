"use client";

import { useMutation, useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useId, useState } from "react";
import type { ToolSecretJson } from "#api/contract";
import { api } from "#ui/api";
import { Button } from "#ui/primitives/button";
import { Card, CardBody, CardHeader } from "#ui/primitives/card";
import { CopyButton } from "#ui/primitives/copy-button";
import { Dialog } from "#ui/primitives/dialog";
import { FieldError } from "#ui/primitives/field";
import { Checkbox } from "#ui/primitives/toggle";
import { useProblemText } from "#ui/problem-text";
import { useFormat } from "#ui/use-format";

type SecretProps = { slug: string; mayChange: boolean };

/** The secret that the site shares with a tool's server: made, told once, renewed. */
export function SecretCard({ slug, mayChange }: SecretProps) {
  const t = useTranslations("officeMade.secret");
  const format = useFormat();
  const { data, refetch } = useQuery<{ secret: ToolSecretJson | null }>({
    queryKey: ["tool-secret", slug],
    queryFn: ({ signal }) =>
      api.get<{ secret: ToolSecretJson | null }>(`/admin/tools/${slug}/secret`, { signal }),
  });
  const [told, setTold] = useState<string | null>(null);
  const secret = data?.secret ?? null;
  const done = (made: string) => {
    setTold(made);
    void refetch();
  };
  return (
    <Card aria-labelledby="secret">
      <CardHeader id="secret" title={t("title")} hint={t("hint")} />
      <CardBody className="grid gap-4">
        {secret && (
          <p className="text-14 text-text-2">
            <code className="font-mono text-13 text-text">whsec_…{secret.hint}</code> ·{" "}
            {t("made", { date: format.dateTime(secret.createdAt) })}
            {secret.previousUntil && ` · ${t("previous", { time: format.dateTime(secret.previousUntil) })}`}
          </p>
        )}
        {secret?.lost && (
          <p role="alert" className="text-13 text-danger">
            {t("lost")}
          </p>
        )}
        {data && !secret && <p className="text-14 text-text-2">{t("none")}</p>}
        {told && <Told secret={told} />}
        {mayChange && data && <Make key={secret?.createdAt ?? ""} {...{ slug, secret }} onMade={done} />}
      </CardBody>
    </Card>
  );
}

/** It goes with the page, and is not told again. */
function Told({ secret }: { secret: string }) {
  const t = useTranslations("officeMade.secret");
  return (
    <div role="status" className="grid min-w-0 gap-2 rounded-field border border-line bg-sunken p-3">
      <p className="text-13 text-text-2">{t("once")}</p>
      <code data-testid="secret" className="font-mono text-13 break-all text-text select-all">
        {secret}
      </code>
      <CopyButton wide size="sm" className="w-fit" text={secret} label={t("copy")} />
    </div>
  );
}

type MakeProps = { slug: string; secret: ToolSecretJson | null; onMade: (secret: string) => void };

function Make({ slug, secret, onMade }: MakeProps) {
  const t = useTranslations("officeMade.secret");
  const id = useId();
  const problemText = useProblemText();
  const [open, setOpen] = useState(false);
  const [leaked, setLeaked] = useState(false);
  const make = useMutation({
    mutationFn: () =>
      api.post<{ secret: string }>(`/admin/tools/${slug}/secret`, {
        ...{ seen: secret?.createdAt ?? null, keepPrevious: !leaked },
      }),
    onSuccess: (made) => {
      setOpen(false);
      onMade(made.secret);
    },
  });
  const error = make.error ? problemText(make.error) : undefined;
  if (!secret) {
    return (
      <>
        <Button size="sm" className="w-fit" busy={make.isPending} onClick={() => make.mutate()}>
          {t("make")}
        </Button>
        <FieldError id={`${id}-error`} error={error} />
      </>
    );
  }
  return (
    <Dialog
      open={open}
      onOpenChange={setOpen}
      trigger={
        <Button variant="secondary" size="sm" className="w-fit">
          {t("renew")}
        </Button>
      }
      title={t("renewTitle")}
      description={t(leaked ? "renewLeaked" : "renewText")}
      footer={
        <>
          <Button variant="secondary" onClick={() => setOpen(false)}>
            {t("cancel")}
          </Button>
          <Button variant={leaked ? "danger" : "primary"} busy={make.isPending} onClick={() => make.mutate()}>
            {t("renew")}
          </Button>
        </>
      }
    >
      <div className="grid gap-3">
        <Checkbox
          id={id}
          label={t("leaked")}
          checked={leaked}
          onCheckedChange={(checked) => setLeaked(checked === true)}
        />
        <FieldError id={`${id}-error`} error={error} />
      </div>
    </Dialog>
  );
}
