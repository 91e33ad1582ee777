"use client";

import type { UseQueryResult } from "@tanstack/react-query";
import { ChevronRight, CircleCheck, TriangleAlert } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import type { NeedJson } from "#api/contract";
import type { ToolNames } from "#ui/office/tool-names";
import { Card, CardHeader } from "#ui/primitives/card";
import { Skeleton } from "#ui/primitives/skeleton";
import { QueryState } from "#ui/state/query-state";
import { useMinute } from "#ui/state/states";
import { useFormat } from "#ui/use-format";
import { needLinks } from "./overview-links";

type Found = Extract<NeedJson["found"], { state: "known" }>;

/** What waits for a hand, each a link to its list; or that nothing does. */
export function NeedsCard({
  query,
  tools,
}: {
  query: UseQueryResult<{ data: NeedJson[] }>;
  tools: ToolNames;
}) {
  const t = useTranslations("officeOverview.needs");
  return (
    <Card aria-labelledby="needs-you" aria-busy={query.isFetching}>
      <CardHeader id="needs-you" title={t("title")} />
      <QueryState query={query} failure={t("failure")} skeleton={<NeedsSkeleton />}>
        {({ data }) => <Needs needs={data} tools={tools} />}
      </QueryState>
    </Card>
  );
}

function Needs({ needs, tools }: { needs: readonly NeedJson[]; tools: ToolNames }) {
  const t = useTranslations("officeOverview.needs");
  const shown = needs.filter(({ found }) => found.state === "unknown" || found.count > 0);
  if (shown.length === 0) {
    return (
      <p className="flex items-start gap-2.5 border-t border-line px-4 py-4 text-14 text-text sm:px-5">
        <CircleCheck aria-hidden="true" className="mt-0.5 size-4 shrink-0 text-ok" strokeWidth={1.75} />
        <span>
          <span className="font-medium" data-testid="nothing-needs-you">
            {t("none")}
          </span>
          <span className="block text-13 text-text-2">{t("noneText")}</span>
        </span>
      </p>
    );
  }
  return (
    <ul className="divide-y divide-line border-t border-line">
      {shown.map(({ name, found }) => (
        <li key={name} data-testid={`need-${name}`}>
          {found.state === "known" ? (
            <Line href={needLinks[name]}>
              <span className="grid min-w-0 flex-1 gap-0.5">
                <span className="text-14 font-medium text-text">
                  {t(`item.${name}`, { count: found.count })}
                </span>
                <Details found={found} names={tools} />
              </span>
            </Line>
          ) : (
            <p className="px-4 py-3 text-13 text-text-2 sm:px-5">
              {t(`kind.${name}`)}: <span className="text-danger">{t("unknown")}</span>
            </p>
          )}
        </li>
      ))}
    </ul>
  );
}

function Line({ href, children }: { href: string; children: ReactNode }) {
  return (
    <Link
      href={href}
      className="flex items-center gap-3 px-4 py-3 transition-colors duration-120 hover:bg-hover sm:px-5"
    >
      <TriangleAlert aria-hidden="true" className="size-4 shrink-0 text-hold" strokeWidth={1.75} />
      {children}
      <ChevronRight aria-hidden="true" className="size-4 shrink-0 text-text-3" strokeWidth={1.75} />
    </Link>
  );
}

/** How old, by when, and which tools. */
function Details({ found: { oldestAt, dueAt, tools }, names }: { found: Found; names: ToolNames }) {
  const t = useTranslations("officeOverview.needs");
  const format = useFormat();
  const now = useMinute();
  const age = oldestAt && now ? t("since", { time: format.relative(oldestAt, now) }) : null;
  const due =
    dueAt && now
      ? t(Date.parse(dueAt) < now.getTime() ? "overdue" : "due", { date: format.date(dueAt) })
      : null;
  const failing = tools.map(({ slug, success, usualSuccess }) =>
    t(usualSuccess === null ? "newTool" : "tool", {
      tool: names.find((tool) => tool.slug === slug)?.name ?? slug,
      ...{ success: format.percent(success), usual: format.percent(usualSuccess ?? 0) },
    }),
  );
  const facts = [due, age, ...failing].filter((fact) => fact !== null);
  return <span className="num text-13 break-words text-text-2">{facts.join(" · ") || "\u00a0"}</span>;
}

function NeedsSkeleton() {
  return (
    <div aria-hidden="true" className="grid gap-3 border-t border-line px-5 py-4">
      <Skeleton className="h-4 w-64" />
      <Skeleton className="h-4 w-48" />
    </div>
  );
}
