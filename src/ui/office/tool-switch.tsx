"use client";

import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { api } from "#ui/api";
import { ActDialog } from "#ui/office/act-dialog";
import { Button } from "#ui/primitives/button";
import { toast } from "#ui/primitives/toast";

type ToolSwitchProps = { tool: { slug: string; name: string; enabled: boolean } };

/** Takes a tool's new runs or refuses them, after a confirmation and with a reason. */
export function ToolSwitch({ tool: { slug, name, enabled } }: ToolSwitchProps) {
  const t = useTranslations("officeTools");
  const router = useRouter();
  const [open, setOpen] = useState(false);
  const act = t(enabled ? "switchOff" : "switchOn");
  const title = t(enabled ? "switchOffOf" : "switchOnOf", { name });
  return (
    <>
      <Button variant="secondary" size="sm" aria-label={title} onClick={() => setOpen(true)}>
        {act}
      </Button>
      <ActDialog
        open={open}
        onOpenChange={setOpen}
        title={title}
        act={act}
        danger={enabled}
        onAct={async (reason) => {
          await api.post(`/admin/tools/${slug}/switch`, { enabled: !enabled, reason });
          toast.done(t("switched", { name, state: enabled ? "off" : "on" }));
          router.refresh();
        }}
      >
        <p className="text-14 text-text-2">{t(enabled ? "switchOffText" : "switchOnText")}</p>
      </ActDialog>
    </>
  );
}
