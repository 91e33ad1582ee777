"use client";

import type { UseQueryResult } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { Skeleton } from "#ui/primitives/skeleton";
import { QueryState } from "#ui/state/query-state";

type ActPreviewProps<T> = {
  query: UseQueryResult<T>;
  /** What could not be loaded, in words. */
  failure: string;
  children: (data: T) => ReactNode;
};

/** What an act would come to now, before it is done: lines of a list. */
export function ActPreview<T>({ query, failure, children }: ActPreviewProps<T>) {
  return (
    <PreviewBox>
      <QueryState query={query} skeleton={<Skeleton className="h-16" />} failure={failure}>
        {(data) => (
          <ul className="grid list-disc gap-1 pl-4 text-13 text-text-2 marker:text-text-3">
            {children(data)}
          </ul>
        )}
      </QueryState>
    </PreviewBox>
  );
}

/** The frame of what an act would change. */
export function PreviewBox({ children }: { children: ReactNode }) {
  const t = useTranslations("office.act");
  return (
    <div className="grid gap-2 rounded-field border border-line bg-sunken px-3.5 py-3" data-testid="preview">
      <p className="text-13 font-medium text-text">{t("preview")}</p>
      {children}
    </div>
  );
}
