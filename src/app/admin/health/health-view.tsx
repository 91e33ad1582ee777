"use client";

import { useQuery } from "@tanstack/react-query";
import { CircleCheck, CircleMinus, CircleX } from "lucide-react";
import { useTranslations } from "next-intl";
import type { DependencyJson } from "#api/contract";
import { api } from "#ui/api";
import { Time } from "#ui/data/cells";
import { Button } from "#ui/primitives/button";
import { Card, CardHeader } from "#ui/primitives/card";
import { Skeleton } from "#ui/primitives/skeleton";
import { QueryState } from "#ui/state/query-state";
import { useFormat } from "#ui/use-format";

const eachMinute = 60_000;

/** What the site depends on: whether it works, how long it took to answer, and what went wrong last. */
export function HealthView() {
  const t = useTranslations("officeOperations.health");
  const format = useFormat();
  const query = useQuery({
    queryKey: ["office", "health"],
    queryFn: ({ signal }) => api.get<{ data: DependencyJson[] }>("/admin/health", { signal }),
    refetchInterval: eachMinute,
  });
  return (
    <Card aria-labelledby="dependencies" aria-busy={query.isFetching}>
      <CardHeader
        id="dependencies"
        title={t("dependencies")}
        hint={query.data && t("checked", { time: format.hour(new Date(query.dataUpdatedAt)) })}
        action={
          <Button variant="secondary" size="sm" busy={query.isFetching} onClick={() => void query.refetch()}>
            {t("again")}
          </Button>
        }
      />
      <QueryState query={query} failure={t("failure")} skeleton={<Skeleton className="m-5 h-64" />}>
        {({ data }) => (
          <ul className="divide-y divide-line border-t border-line">
            {data.map((dependency) => (
              <Line key={dependency.name} dependency={dependency} />
            ))}
          </ul>
        )}
      </QueryState>
    </Card>
  );
}

function Line({ dependency }: { dependency: DependencyJson }) {
  const t = useTranslations("officeOperations.health");
  const format = useFormat();
  const { name, state, latencyMs, facts, lastError } = dependency;
  // Without a worker nothing is done: that is more than a feature that is off.
  const shown = name === "worker" && state === "off" ? "fails" : state;
  return (
    <li data-testid={`dependency-${name}`} className="flex items-start gap-3 px-4 py-3 text-13 sm:px-5">
      <Sign state={shown} />
      <div className="grid min-w-0 flex-1 gap-0.5">
        <p className="text-14 font-medium text-text">
          {t(`name.${name}`)} <span className="font-normal text-text-2">· {t(`state.${shown}`)}</span>
        </p>
        {facts && <p className="break-words text-text-2">{t(`told.${name}`, facts)}</p>}
        {state === "off" && <p className="text-text-2">{t(`off.${name}`)}</p>}
        {lastError && (
          <p className="break-words text-text-2">
            {t("lastError")} <Time at={lastError.at} /> · <code className="text-12">{lastError.message}</code>
          </p>
        )}
      </div>
      <span className="num shrink-0 text-text-3">{format.latency(latencyMs)}</span>
    </li>
  );
}

function Sign({ state }: Pick<DependencyJson, "state">) {
  const look = { "aria-hidden": true, strokeWidth: 1.75 } as const;
  if (state === "works") return <CircleCheck {...look} className="mt-0.5 size-4 shrink-0 text-ok" />;
  if (state === "off") return <CircleMinus {...look} className="mt-0.5 size-4 shrink-0 text-text-3" />;
  return <CircleX {...look} className="mt-0.5 size-4 shrink-0 text-danger" />;
}
