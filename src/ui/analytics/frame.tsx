"use client";

import { useQuery } from "@tanstack/react-query";
import { useSearchParams } from "next/navigation";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { type FilterName, type Tab, tabs } from "#analytics/catalogue";
import type { AnalyticsScopeJson } from "#api/contract";
import type { ToolNames } from "#ui/office/tool-names";
import { Skeleton } from "#ui/primitives/skeleton";
import { TabLinks } from "#ui/primitives/tab-links";
import { QueryState } from "#ui/state/query-state";
import { Context } from "./context";
import { scopeQuery } from "./queries";
import { useRange } from "./range";
import { RangeControls } from "./range-controls";

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
  tools: ToolNames;
  seesCustomers?: boolean;
  children: ReactNode;
};

/**
 * A page of analytics: its tabs, the one date control, filters, and the metrics below. Everything that is chosen
 * stands in the address and goes along from tab to tab.
 */
export function AnalyticsFrame({ tab, filters, tools, seesCustomers = false, children }: FrameProps) {
  const t = useTranslations("officeAnalytics");
  const scope = useQuery(scopeQuery());
  const chosen = useSearchParams().toString();
  return (
    <div className="grid gap-5">
      <TabLinks
        label={t("tabs")}
        links={built.map((one) => ({
          href: chosen ? `${hrefs[one]}?${chosen}` : hrefs[one],
          name: t(`tab.${one}`),
          current: one === tab,
        }))}
      />
      <QueryState query={scope} failure={t("failure")} skeleton={<FrameSkeleton />}>
        {(known) => (
          <Within scope={known} filters={filters} tools={tools} seesCustomers={seesCustomers}>
            {children}
          </Within>
        )}
      </QueryState>
    </div>
  );
}

type WithinProps = Omit<FrameProps, "tab" | "seesCustomers"> & {
  scope: AnalyticsScopeJson;
  seesCustomers: boolean;
};

function Within({ scope, filters, tools, seesCustomers, children }: WithinProps) {
  const { range, set } = useRange(scope.today);
  return (
    <Context value={{ range, scope, tools, seesCustomers }}>
      <RangeControls range={range} set={set} scope={scope} filters={filters} />
      <div className="grid gap-5 xl:grid-cols-2">{children}</div>
    </Context>
  );
}

function FrameSkeleton() {
  return (
    <div className="grid gap-5">
      <Skeleton className="h-9 w-full max-w-2xl" />
      <div className="grid gap-5 xl:grid-cols-2">
        <Skeleton className="h-96 rounded-card" />
        <Skeleton className="h-96 rounded-card" />
      </div>
    </div>
  );
}
