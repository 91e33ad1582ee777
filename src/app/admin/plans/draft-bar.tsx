"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import type { CatalogueOfficeJson } from "#api/contract";
import type { Catalogue } from "#billing/catalogue";
import { ActDialog } from "#ui/office/act-dialog";
import { AskDialog } from "#ui/office/ask-dialog";
import { useFieldName } from "#ui/office/catalogue-words";
import { Button } from "#ui/primitives/button";
import { Card } from "#ui/primitives/card";
import { FieldError } from "#ui/primitives/field";
import { toast } from "#ui/primitives/toast";
import { useProblemText } from "#ui/problem-text";
import { UnsavedGuard } from "#ui/unsaved-guard";
import { useFormat } from "#ui/use-format";
import { Difference } from "./difference";
import type { DraftState } from "./use-draft";

type DraftBarProps = { office: CatalogueOfficeJson; draft: DraftState; mayChange: boolean };

/** Where the draft stands, and what can be done with it: save, throw away, publish. */
export function DraftBar({ office, draft, mayChange }: DraftBarProps) {
  const t = useTranslations("officePlans");
  const format = useFormat();
  const problemText = useProblemText();
  const nameOf = useFieldName();
  const { draft: saved, version } = office;
  const unread = [...draft.unread.texts.keys()];
  const state = draft.dirty
    ? t("unsaved")
    : saved
      ? t("savedBy", { who: saved.savedByMail ?? "—", at: format.dateTime(saved.savedAt) })
      : t(version === 0 ? "seed" : "published", { version });
  return (
    <Card className="sticky top-14 z-10 grid gap-3 p-4">
      <UnsavedGuard unsaved={draft.dirty} />
      <div className="flex flex-wrap items-center justify-between gap-3">
        <p role="status" className="text-14 text-text-2">
          {state}
        </p>
        {mayChange && (
          <div className="flex flex-wrap gap-2">
            {draft.dirty && (
              <Button variant="quiet" onClick={draft.forget}>
                {t("forget")}
              </Button>
            )}
            {saved && !draft.dirty && <Discard draft={draft} />}
            <Button
              variant="secondary"
              busy={draft.saving}
              disabled={!draft.dirty || unread.length > 0}
              onClick={draft.save}
            >
              {t("save")}
            </Button>
            <Publish office={office} draft={draft} />
          </div>
        )}
      </div>
      {unread.length > 0 && (
        <p className="text-13 text-danger">
          {t("unread", { fields: format.list(unread.map((path) => nameOf(path))) })}
        </p>
      )}
      {draft.wrong.length === 0 && (
        <FieldError id="draft" error={draft.failed ? problemText(draft.failed) : undefined} />
      )}
      {draft.wrong.length > 0 && (
        <ul role="alert" className="grid gap-1 text-13 text-danger">
          {draft.wrong.map(({ path, message }) => (
            <li key={path}>
              <span className="font-medium">{nameOf(namedPath(path, draft.content))}</span> {message}
            </li>
          ))}
        </ul>
      )}
      {draft.stale && <Stale draft={draft} />}
    </Card>
  );
}

/** A path of what was sent, such as `content.plans.1.credits`, as the difference has it: `plans.pro.credits`. */
function namedPath(path: string, content: Catalogue): string {
  const [, kind, place, ...rest] = path.split(".");
  if (kind !== "plans" && kind !== "packs") return path;
  return [kind, content[kind][Number(place)]?.id ?? place, ...rest].join(".");
}

/** Somebody else saved meanwhile: what differs, and whose is to stand. */
function Stale({ draft }: { draft: DraftState }) {
  const t = useTranslations("officePlans");
  const nameOf = useFieldName();
  return (
    <div role="alert" className="grid gap-3 rounded-field bg-hold-soft px-4 py-3 text-14">
      <p className="font-medium">{t("stale")}</p>
      <ul className="num grid gap-1 text-13">
        {draft.stale?.errors.map(({ path, message }) => (
          <li key={path} className="break-words">
            <span className="text-text-2">{nameOf(path)}</span> {message}
          </li>
        ))}
      </ul>
      <div className="flex flex-wrap gap-2">
        <Button variant="secondary" size="sm" onClick={draft.forget}>
          {t("takeTheirs")}
        </Button>
        <Button variant="secondary" size="sm" onClick={draft.saveOver}>
          {t("keepMine")}
        </Button>
      </div>
    </div>
  );
}

function Discard({ draft }: { draft: DraftState }) {
  const t = useTranslations("officePlans");
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button variant="quiet" busy={draft.discard.isPending} onClick={() => setOpen(true)}>
        {t("discard")}
      </Button>
      <AskDialog
        open={open}
        onOpenChange={setOpen}
        title={t("discardTitle")}
        text={t("discardText")}
        act={t("discard")}
        onAct={() => draft.discard.mutateAsync()}
      />
    </>
  );
}

function Publish({ office, draft }: Omit<DraftBarProps, "mayChange">) {
  const t = useTranslations("officePlans");
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button disabled={draft.dirty || office.changes.length === 0} onClick={() => setOpen(true)}>
        {t("publish")}
      </Button>
      <ActDialog
        open={open}
        onOpenChange={setOpen}
        title={t("publishTitle")}
        description={t("publishText")}
        act={t("publishAct")}
        onAct={async (reason) => {
          await draft.publish(reason);
          toast.done(t("publishDone"));
        }}
      >
        <Difference changes={office.changes} effects={office.effects} />
      </ActDialog>
    </>
  );
}
