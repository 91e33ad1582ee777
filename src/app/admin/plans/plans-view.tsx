"use client";

import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import type { CatalogueOfficeJson } from "#api/contract";
import { Skeleton } from "#ui/primitives/skeleton";
import { QueryState } from "#ui/state/query-state";
import { DraftBar } from "./draft-bar";
import { Editor } from "./editor";
import { UnreadFigures } from "./fields";
import { PriceStates } from "./price-states";
import { officeQuery, useDraft } from "./use-draft";

/** Loads what is on sale, the draft and the prices' state in Stripe. */
export function PlansView({ mayChange }: { mayChange: boolean }) {
  const t = useTranslations("officePlans");
  const office = useQuery(officeQuery());
  return (
    <QueryState query={office} failure={t("failure")} skeleton={<Skeleton className="h-96 rounded-card" />}>
      {(data) => <Loaded office={data} mayChange={mayChange} />}
    </QueryState>
  );
}

function Loaded({ office, mayChange }: { office: CatalogueOfficeJson; mayChange: boolean }) {
  const draft = useDraft(office);
  return (
    <div className="grid gap-5">
      <DraftBar office={office} draft={draft} mayChange={mayChange} />
      <UnreadFigures value={draft.unread}>
        <Editor
          content={draft.content}
          published={office.published}
          onChange={draft.change}
          mayChange={mayChange}
          wrong={draft.wrong}
        />
      </UnreadFigures>
      <PriceStates office={office} mayChange={mayChange} />
    </div>
  );
}
