"use client";

import { useState } from "react";
import { api } from "#ui/api";
import { useIntention } from "#ui/intention";
import { CreateForm } from "./create-form";
import { type NewKey, type NewSecret, useKeyAct } from "./keys-query";
import type { KeyKind } from "./presets";
import type { ApiSite } from "./quickstart";
import { SecretStep } from "./secret-step";

type CreateDialogProps = { kind: KeyKind; site: ApiSite; open: boolean; onClose: () => void };

/** Makes a key: first the form, then its secret. */
export function CreateDialog({ kind, site, open, onClose }: CreateDialogProps) {
  const [made, setMade] = useState<NewSecret | null>(null);
  const intention = useIntention();
  const create = useKeyAct((key: NewKey) =>
    api.post<NewSecret>("/keys", key, { idempotencyKey: intention.keyFor(key) }),
  );
  const close = () => {
    setMade(null);
    intention.done();
    create.reset();
    onClose();
  };
  if (made) return <SecretStep made={made} site={site} onClose={close} />;
  return (
    <CreateForm
      kind={kind}
      open={open}
      onClose={close}
      error={create.error}
      onCreate={async (key) => setMade(await create.mutateAsync(key))}
    />
  );
}
