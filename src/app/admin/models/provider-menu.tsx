"use client";

import { useQueryClient } from "@tanstack/react-query";
import { Archive, EllipsisVertical, Pencil, PlugZap } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import type { ProviderJson, ProviderTestJson } from "#api/contract";
import { api } from "#ui/api";
import { AskDialog } from "#ui/office/ask-dialog";
import { IconButton } from "#ui/primitives/icon-button";
import { Menu, MenuItem } from "#ui/primitives/menu";
import { toast } from "#ui/primitives/toast";
import { useProblemText } from "#ui/problem-text";
import { queryKeys } from "#ui/query-keys";
import { ProviderDialog } from "./provider-dialog";

/** What can be done with a provider. */
export function ProviderMenu({ provider }: { provider: ProviderJson }) {
  const t = useTranslations("officeModels");
  const problemText = useProblemText();
  const queries = useQueryClient();
  const [open, setOpen] = useState<"edit" | "archive" | null>(null);
  const test = async () => {
    try {
      const { models, error, answered } = await api.post<ProviderTestJson>("/admin/providers/test", {
        id: provider.id,
      });
      if (models) toast.done(t("tested", { name: provider.name, count: models.length }));
      else
        toast.failure(
          t(answered ? "testAnswersOther" : "testFailed", { name: provider.name, error: error ?? "" }),
        );
      await queries.invalidateQueries({ queryKey: queryKeys.providers });
    } catch (error) {
      toast.failure(problemText(error));
    }
  };
  return (
    <>
      <Menu
        trigger={
          <IconButton
            label={t("actsOf", { name: provider.name })}
            icon={<EllipsisVertical strokeWidth={1.75} />}
          />
        }
      >
        <MenuItem onSelect={() => void test()}>
          <PlugZap strokeWidth={1.75} />
          {t("test")}
        </MenuItem>
        <MenuItem onSelect={() => setOpen("edit")}>
          <Pencil strokeWidth={1.75} />
          {t("edit")}
        </MenuItem>
        <MenuItem danger onSelect={() => setOpen("archive")}>
          <Archive strokeWidth={1.75} />
          {t("archive")}
        </MenuItem>
      </Menu>
      <ProviderDialog
        open={open === "edit"}
        onOpenChange={(shown) => setOpen(shown ? "edit" : null)}
        provider={provider}
      />
      <ArchiveDialog
        open={open === "archive"}
        onOpenChange={(shown) => setOpen(shown ? "archive" : null)}
        title={t("archiveTitle", { name: provider.name })}
        text={t("archiveText", { count: provider.models.length })}
        path={`/admin/providers/${provider.id}`}
      />
    </>
  );
}

type ArchiveDialogProps = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  text: string;
  path: string;
};

/** Takes a provider or a model out of use. */
export function ArchiveDialog({ path, ...asked }: ArchiveDialogProps) {
  const t = useTranslations("officeModels");
  const queries = useQueryClient();
  const archive = async () => {
    await api.delete(path);
    await queries.invalidateQueries({ queryKey: queryKeys.providers });
    toast.done(t("archived"));
  };
  return <AskDialog {...asked} act={t("archive")} onAct={archive} />;
}
