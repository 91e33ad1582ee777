"use client";

import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useState } from "react";
import type { AnnouncementJson, AnnouncementPreviewJson } from "#api/contract";
import { dayOf, endOfDay, isDay, startOfDay } from "#format";
import { api } from "#ui/api";
import { useIntention } from "#ui/intention";
import { Button } from "#ui/primitives/button";
import { Card, CardBody, CardHeader } from "#ui/primitives/card";
import { toast } from "#ui/primitives/toast";
import { useProblemText } from "#ui/problem-text";
import { UnsavedGuard } from "#ui/unsaved-guard";
import { useFormat } from "#ui/use-format";
import { AnnouncementFields, type AnnouncementForm } from "./announcement-fields";
import { AnnouncementLook } from "./announcement-look";
import { SendDialog } from "./announcement-send";
import { AskDialog } from "./ask-dialog";
import { useCustomersState } from "./segment-filter";
import { SegmentPicker, useSegment } from "./segment-picker";

/** An announcement is written on the left; on the right it stands as customers will see it, with how many they are. */
export function Editor({ draft }: { draft: AnnouncementJson | null }) {
  const t = useTranslations("officeAnnouncements");
  const problemText = useProblemText();
  const { timeZone } = useFormat();
  const router = useRouter();
  const queries = useQueryClient();
  const filter = useSegment();
  const { set: view } = useCustomersState();
  const [form, setForm] = useState(() => formOf(draft, timeZone));
  const [sending, setSending] = useState(false);
  const isOpen = draft === null || draft.status === "draft";
  const preview = usePreview(filter);
  const body = bodyOf(form, timeZone, { filter, view });
  const isSaved = draft !== null && sameAs(draft, body);
  const intention = useIntention();
  const path = draft ? `/admin/announcements/${draft.id}` : "/admin/announcements";
  const save = useMutation({
    mutationKey: saving,
    mutationFn: () =>
      draft
        ? api.put<AnnouncementJson>(path, body)
        : api.post<AnnouncementJson>(path, body, { idempotencyKey: intention.keyFor(body) }),
    onSuccess: (saved) => {
      toast.done(t("saved"));
      queries.setQueryData(["office", "announcements", "one", saved.id], saved);
      void queries.invalidateQueries({ queryKey: ["office", "announcements"] });
      if (!draft) router.replace(`/admin/announcements/${saved.id}?${new URLSearchParams(saved.view)}`);
    },
    onError: (error) => toast.failure(problemText(error)),
  });
  const [discarding, setDiscarding] = useState(false);
  const discard = async () => {
    await api.delete(path);
    toast.done(t("discarded"));
    // This page would ask for the draft that is gone.
    void queries.invalidateQueries({ queryKey: ["office", "announcements"], refetchType: "none" });
    router.push("/admin/announcements");
  };
  const isTyped = draft ? !isSaved : stable(form) !== stable(blank);
  const isComplete = [form.titleEn, form.titleZh, form.textEn, form.textZh].every(
    (text) => text.trim() !== "",
  );
  return (
    <div className="grid items-start gap-5 xl:grid-cols-[minmax(0,1fr)_minmax(0,26rem)]">
      <div className="grid gap-5">
        <Card>
          <CardBody className="pt-4 sm:pt-5">
            <AnnouncementFields
              form={form}
              set={(change) => setForm({ ...form, ...change })}
              disabled={!isOpen}
            />
          </CardBody>
        </Card>
        {isOpen && (
          <Card aria-labelledby="to-whom">
            <CardHeader id="to-whom" title={t("who")} />
            <CardBody>
              <SegmentPicker path={draft ? `/admin/announcements/${draft.id}` : "/admin/announcements/new"} />
            </CardBody>
          </Card>
        )}
      </div>
      <div className="grid gap-5">
        <AnnouncementLook form={form} />
        {isOpen && (
          <Card>
            <CardBody className="grid gap-4 pt-4 sm:pt-5">
              <Counts preview={preview.data} failed={preview.isError} mail={form.mail} />
              <div className="flex flex-wrap gap-2">
                <Button
                  variant="secondary"
                  // A new one stays busy until the page of its own is there: saved again it would be a second one.
                  busy={save.isPending || (!draft && save.isSuccess)}
                  disabled={!isComplete || isSaved || untilWrong(form, timeZone)}
                  // A second click in the same moment finds the first one under way.
                  onClick={() => queries.isMutating({ mutationKey: saving }) === 0 && save.mutate()}
                >
                  {t("save")}
                </Button>
                <Button
                  disabled={!isSaved || !preview.data?.people || preview.isPlaceholderData}
                  onClick={() => setSending(true)}
                >
                  {t("send")}
                </Button>
                {draft && (
                  <Button variant="quiet" onClick={() => setDiscarding(true)}>
                    {t("discard")}
                  </Button>
                )}
              </div>
              {!isSaved && <p className="text-13 text-text-3">{t("saveFirst")}</p>}
            </CardBody>
          </Card>
        )}
      </div>
      <UnsavedGuard unsaved={isOpen && isTyped && !save.isPending && !(save.isSuccess && !draft)} />
      <AskDialog
        open={discarding}
        onOpenChange={setDiscarding}
        title={t("discardTitle")}
        text={t("discardText")}
        act={t("discard")}
        onAct={discard}
      />
      {draft && preview.data && (
        <SendDialog open={sending} onOpenChange={setSending} draft={draft} preview={preview.data} />
      )}
    </div>
  );
}

type CountsProps = { preview: AnnouncementPreviewJson | undefined; failed: boolean; mail: boolean };

function Counts({ preview, failed, mail }: CountsProps) {
  const t = useTranslations("officeAnnouncements");
  if (failed) return <p className="text-13 text-danger">{t("countsFailure")}</p>;
  return (
    <div className="grid min-h-12 gap-1" data-testid="preview" aria-live="polite">
      {preview && (
        <>
          <p className="num text-24 font-semibold text-text">{t("counts", { people: preview.people })}</p>
          {mail && preview.people > 0 && (
            <p className="text-13 text-text-2">{t("countsMail", { mails: preview.mayMail })}</p>
          )}
        </>
      )}
    </div>
  );
}

function usePreview(filter: Record<string, string>) {
  return useQuery({
    queryKey: ["office", "announcement-preview", filter],
    queryFn: ({ signal }) =>
      api.post<AnnouncementPreviewJson>("/admin/announcements/preview", { filter }, { signal }),
    placeholderData: keepPreviousData,
    staleTime: 0,
  });
}

const saving = ["office", "announcements", "save"];

const blank: AnnouncementForm = {
  ...{ titleEn: "", titleZh: "", textEn: "", textZh: "" },
  ...{ banner: false, mail: false, from: "", until: "" },
};

function formOf(draft: AnnouncementJson | null, timeZone: string): AnnouncementForm {
  if (!draft) return blank;
  const { title, text, banner, mail, showsFrom, showsUntil } = draft;
  return {
    ...{ titleEn: title.en, titleZh: title.zh, textEn: text.en, textZh: text.zh, banner, mail },
    from: showsFrom ? dayOf(new Date(showsFrom), timeZone) : "",
    until: showsUntil ? dayOf(new Date(showsUntil), timeZone) : "",
  };
}

type Segment = { filter: Record<string, string>; view: Record<string, string> };

function bodyOf(form: AnnouncementForm, timeZone: string, segment: Segment) {
  return {
    title: { en: form.titleEn.trim(), zh: form.titleZh.trim() },
    text: { en: form.textEn.trim(), zh: form.textZh.trim() },
    ...{ banner: form.banner, mail: form.mail, ...segment },
    showsFrom: isDay(form.from) ? startOfDay(form.from, timeZone).toISOString() : null,
    showsUntil: endOfDay(form.until, timeZone).at,
  };
}

/** Whether the last day is over, or before the first. */
function untilWrong({ from, until }: AnnouncementForm, timeZone: string): boolean {
  return endOfDay(until, timeZone).past || (isDay(from) && isDay(until) && until < from);
}

function sameAs(draft: AnnouncementJson, body: ReturnType<typeof bodyOf>): boolean {
  const { title, text, banner, mail, view, showsFrom, showsUntil } = draft;
  const { filter: _, ...written } = body;
  return stable({ title, text, banner, mail, view, showsFrom, showsUntil }) === stable(written);
}

/** JSON with its names in order: a row of the database has them in another. */
function stable(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    part && typeof part === "object" && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
