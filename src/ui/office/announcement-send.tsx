"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useLocale, useTranslations } from "next-intl";
import type { AnnouncementJson, AnnouncementPreviewJson } from "#api/contract";
import { api, Problem } from "#ui/api";
import { useIntention } from "#ui/intention";
import { toast } from "#ui/primitives/toast";
import { ActDialog } from "./act-dialog";
import { PreviewBox } from "./act-preview";

type SendDialogProps = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  /** As it was saved. */
  draft: AnnouncementJson;
  preview: AnnouncementPreviewJson;
};

/** Sends the draft that is on the screen to as many people as are shown. */
export function SendDialog({ open, onOpenChange, draft, preview }: SendDialogProps) {
  const t = useTranslations("officeAnnouncements");
  const locale = useLocale();
  const router = useRouter();
  const queries = useQueryClient();
  const intention = useIntention();
  const title = locale.startsWith("zh") ? draft.title.zh : draft.title.en;
  const { people, mayMail } = preview;
  const send = async (reason: string) => {
    const body = { updatedAt: draft.updatedAt, people, reason };
    try {
      await api.post(`/admin/announcements/${draft.id}/send`, body, {
        idempotencyKey: intention.keyFor(body),
      });
    } finally {
      await queries.invalidateQueries({ queryKey: ["office"] });
    }
    intention.done();
    toast.done(t("sentDone", { title }));
    router.push("/admin/announcements");
  };
  return (
    <ActDialog
      open={open}
      onOpenChange={onOpenChange}
      title={t("sendTitle", { people })}
      description={t("sendText")}
      act={t("sendAct")}
      onAct={send}
      explain={(error) => {
        if (!(error instanceof Problem)) return null;
        if (error.code === "draft_stale") return t("stale");
        return error.code === "segment_changed" ? t("grown") : null;
      }}
    >
      <PreviewBox>
        <p className="text-14 font-medium break-words text-text">{title}</p>
        <p className="text-13 text-text-2">
          {t("counts", { people })}
          {draft.mail && <> · {t("countsMail", { mails: mayMail })}</>}
        </p>
      </PreviewBox>
    </ActDialog>
  );
}
