"use client";

import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useState } from "react";
import type { MadeDefinition } from "#tools/made";
import { api, Problem } from "#ui/api";
import { Button } from "#ui/primitives/button";
import { Card, CardBody } from "#ui/primitives/card";
import { toast } from "#ui/primitives/toast";
import { useProblemText } from "#ui/problem-text";
import { UnsavedGuard } from "#ui/unsaved-guard";
import { blankTool } from "./blank";
import { DefinitionForm } from "./definition-form";
import { FormOf, Section, TextOf } from "./kit";
import { Beside } from "./preview";
import { useCheck } from "./use-check";

type NewToolProps = {
  /** What it begins with: another tool's, or an empty form. */
  first?: MadeDefinition;
  firstSlug?: string;
  /** A server of one's own network may be named. */
  privateToo: boolean;
};

/** A tool that is not there yet: its name in addresses, and its definition. */
export function NewTool({ first = blankTool, firstSlug = "", privateToo }: NewToolProps) {
  const t = useTranslations("officeMade");
  const office = useTranslations("officeTools");
  const problemText = useProblemText();
  const router = useRouter();
  const [slug, setSlug] = useState(firstSlug);
  const [made, setMade] = useState(first);
  const [touched, setTouched] = useState(false);
  const [taken, setTaken] = useState<string>();
  const [busy, setBusy] = useState(false);
  const { fitted, faults, current } = useCheck(made);
  const slugFault = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(slug) && slug.length >= 2 ? taken : t("slugWrong");
  const wrong = faults.size + (slugFault ? 1 : 0);
  const create = async () => {
    setTouched(true);
    if (faults.size > 0 || slugFault) return;
    setBusy(true);
    try {
      await api.post("/admin/tools", { slug, definition: made });
      toast.done(office("saved"));
      router.push(`/admin/tools/${slug}`);
    } catch (error) {
      setBusy(false);
      const fault = error instanceof Problem && error.errors.find(({ path }) => path === "slug");
      if (fault) setTaken(fault.message);
      else toast.failure(problemText(error));
    }
  };
  return (
    <div className="grid items-start gap-5 xl:grid-cols-[minmax(0,1fr)_400px]">
      <UnsavedGuard unsaved={!busy && (slug !== firstSlug || made !== first)} />
      <Card className="min-w-0">
        <CardBody className="grid gap-8 pt-4 sm:pt-5">
          <FormOf
            faults={new Map(slugFault && (touched || slug !== "") ? [["slug", slugFault]] : [])}
            disabled={false}
          >
            <Section title={t("section.slug")}>
              <TextOf
                mono
                path="slug"
                label={t("slug")}
                hint={t("slugHint")}
                value={slug}
                onChange={(text) => {
                  setSlug(text.trim());
                  setTaken(undefined);
                }}
              />
            </Section>
          </FormOf>
          <DefinitionForm
            {...{ made, privateToo }}
            faults={touched ? faults : new Map()}
            more={touched && slugFault ? 1 : 0}
            onChange={setMade}
            disabled={false}
          />
        </CardBody>
        <div className="sticky bottom-0 z-10 flex flex-wrap items-center justify-between gap-3 rounded-b-card border-t border-line bg-surface px-4 py-3 sm:px-5">
          <p className="text-13 text-text-2" role="status">
            {touched && wrong > 0 ? t("faults", { count: wrong }) : t("newHint")}
          </p>
          <Button size="sm" busy={busy} disabled={!current} onClick={() => void create()}>
            {office("save")}
          </Button>
        </div>
      </Card>
      <Beside made={made} check={fitted} old={faults.size > 0} />
    </div>
  );
}
