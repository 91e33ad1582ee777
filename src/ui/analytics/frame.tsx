"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useSearchParams } from "next/navigation";
import { useTranslations } from "next-intl";
import { createContext, type ReactNode, useContext } from "react";
import { type FilterName, type Tab, tabs } from "#analytics/catalogue";
import type { AnalyticsScopeJson } from "#api/contract";
import { Skeleton } from "#ui/primitives/skeleton";
import { QueryState } from "#ui/state/query-state";
import { scopeQuery } from "./queries";
import { type Range, useRange } from "./range";
import { RangeControls } from "./range-controls";

/** Range, filters and what there is to filter by, for the cards of a page. */
export type Analytics = { range: Range; scope: AnalyticsScopeJson };

const Context = createContext<Analytics | null>(null);

/** @throws outside of `AnalyticsFrame` */
export function useAnalytics(): Analytics {
  const known = useContext(Context);
  if (!known) throw new Error("A metric stands within AnalyticsFrame.");
  return known;
}

const hrefs: Record<Tab, string> = {
  users: "/admin/analytics",
  money: "/admin/analytics/money",
  product: "/admin/analytics/product",
  technical: "/admin/analytics/technical",
};

/** The tabs, each with its page. */
const built: readonly Tab[] = tabs;

type FrameProps = {
  tab: Tab;
  /** The filters that metrics of this page know. */
  filters: readonly FilterName[];
  children: ReactNode;
};

/**
 * A page of analytics: its tabs, the one date control, filters, and the metrics below. Everything that is chosen
 * stands in the address and goes along from tab to tab.
 */
export function AnalyticsFrame({ tab, filters, children }: FrameProps) {
  const t = useTranslations("officeAnalytics");
  const scope = useQuery(scopeQuery());
  const chosen = useSearchParams().toString();
  return (
    <div className="grid gap-5">
      <nav
        aria-label={t("tabs")}
        className="flex gap-5 overflow-x-auto border-b border-line [scrollbar-width:none] *:shrink-0"
      >
        {built.map((one) => (
          <Link
            key={one}
            href={chosen ? `${hrefs[one]}?${chosen}` : hrefs[one]}
            aria-current={one === tab ? "page" : undefined}
            className="-mb-px flex h-10 items-center border-b-2 border-transparent text-14 text-text-2 transition-colors duration-120 hover:text-text focus-visible:-outline-offset-2 aria-[current=page]:border-primary aria-[current=page]:font-medium aria-[current=page]:text-text"
          >
            {t(`tab.${one}`)}
          </Link>
        ))}
      </nav>
      <QueryState query={scope} failure={t("failure")} skeleton={<FrameSkeleton />}>
        {(known) => (
          <Within scope={known} filters={filters}>
            {children}
          </Within>
        )}
      </QueryState>
    </div>
  );
}

type WithinProps = { scope: AnalyticsScopeJson; filters: readonly FilterName[]; children: ReactNode };

function Within({ scope, filters, children }: WithinProps) {
  const { range, set } = useRange(scope.today);
  return (
    <Context value={{ range, scope }}>
      <RangeControls range={range} set={set} scope={scope} filters={filters} />
      <div className="grid items-start gap-5 2xl:grid-cols-2">{children}</div>
    </Context>
  );
}

function FrameSkeleton() {
  return (
    <div className="grid gap-5">
      <Skeleton className="h-9 w-full max-w-2xl" />
      <div className="grid gap-5 2xl:grid-cols-2">
        <Skeleton className="h-96 rounded-card" />
        <Skeleton className="h-96 rounded-card" />
      </div>
    </div>
  );
}
