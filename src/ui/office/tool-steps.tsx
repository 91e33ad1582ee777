"use client";

import { FlaskConical } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { type ReactNode, useState } from "react";
import type { Difference } from "#tools";
import { api } from "#ui/api";
import { ActDialog } from "#ui/office/act-dialog";
import { Button } from "#ui/primitives/button";
import { toast } from "#ui/primitives/toast";
import { useProblemText } from "#ui/problem-text";
import { UnsavedGuard } from "#ui/unsaved-guard";
import { useFormat } from "#ui/use-format";
import { AskDialog } from "./ask-dialog";
import { DifferenceList } from "./tool-difference";

type StepsProps = {
  slug: string;
  name: string;
  /** The published one; 0 for a tool as its code says, or one that was never published. */
  revision: number;
  /** When the draft that is shown was saved; null without one. */
  seen: string | null;
  /** Of what would be published; empty for a tool that is new. */
  difference: readonly Difference[];
  /** The form differs from what customers have. */
  changed: boolean;
  /** The form is as the draft was saved. */
  saved: boolean;
  /** Nothing in the form is wrong. */
  fits: boolean;
  onSave: () => Promise<{ savedAt: string }>;
  onDropped: () => void;
  /** It was never published: its draft is all there is of it. */
  whole?: boolean;
  /** Stands where a tool that is new has nothing to compare. */
  children?: ReactNode;
};

/** Save, test, publish, in this order. */
export function Steps(props: StepsProps) {
  const { slug, name, revision, seen, difference, changed, saved, fits, onSave, children } = props;
  const { onDropped, whole = false } = props;
  const t = useTranslations("officeTools");
  const format = useFormat();
  const problemText = useProblemText();
  const router = useRouter();
  const [publishing, setPublishing] = useState(false);
  const [busy, setBusy] = useState(false);
  const [dropping, setDropping] = useState(false);
  const save = async () => {
    setBusy(true);
    try {
      await onSave();
      toast.done(t("saved"));
      router.refresh();
    } catch (error) {
      toast.failure(problemText(error));
    } finally {
      setBusy(false);
    }
  };
  const drop = async () => {
    if (seen) await api.delete(`/admin/tools/${slug}/draft?seen=${encodeURIComponent(seen)}`);
    onDropped();
    toast.done(whole ? t("droppedWhole", { name }) : t("dropped"));
    if (whole) router.push("/admin/tools");
    else router.refresh();
  };
  const publish = async (reason: string) => {
    const savedAt = saved && seen ? seen : (await onSave()).savedAt;
    const done = await api.post<{ revision: number }>(`/admin/tools/${slug}/publish`, {
      ...{ base: revision, seen: savedAt, reason },
    });
    toast.done(t("published", done));
    router.refresh();
  };
  const state = !fits ? t("invalid") : changed && !saved ? t("unsaved") : null;
  return (
    <div className="sticky bottom-0 z-10 flex flex-wrap items-center justify-between gap-3 rounded-b-card border-t border-line bg-surface px-4 py-3 sm:px-5">
      <p className="text-13 text-text-2" role="status">
        {state ?? (seen ? t("savedAt", { time: format.dateTime(seen) }) : t("noDraft"))}
      </p>
      <div className="flex flex-wrap gap-2">
        {(changed || seen) && (
          <Button variant="quiet" size="sm" disabled={busy} onClick={() => setDropping(true)}>
            {t(whole ? "dropWhole" : "drop")}
          </Button>
        )}
        <Button variant="secondary" size="sm" asChild>
          <Link href={`/tools/${slug}?trial=1`} title={t("testHint")}>
            <FlaskConical aria-hidden="true" strokeWidth={1.75} />
            {t("test")}
          </Link>
        </Button>
        <Button
          variant="secondary"
          size="sm"
          busy={busy}
          disabled={!fits || saved || !changed}
          onClick={() => void save()}
        >
          {t("save")}
        </Button>
        <Button size="sm" disabled={!fits || !changed} onClick={() => setPublishing(true)}>
          {t("publish")}
        </Button>
      </div>
      <UnsavedGuard unsaved={changed && !saved && !busy} />
      <AskDialog
        open={dropping}
        onOpenChange={setDropping}
        title={t(whole ? "dropWholeTitle" : "dropTitle", { name })}
        text={t(whole ? "dropWholeText" : "dropText")}
        act={t(whole ? "dropWhole" : "drop")}
        onAct={drop}
      />
      <ActDialog
        open={publishing}
        onOpenChange={setPublishing}
        title={t("publishTitle", { name })}
        act={t("publishAct")}
        onAct={publish}
      >
        <p className="text-14 text-text-2">{t("publishText")}</p>
        {children}
        <DifferenceList difference={difference} />
      </ActDialog>
    </div>
  );
}
