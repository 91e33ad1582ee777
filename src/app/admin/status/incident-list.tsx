"use client";

import { queryOptions, useQuery } from "@tanstack/react-query";
import { CircleCheck } from "lucide-react";
import { useLocale, useTranslations } from "next-intl";
import { useState } from "react";
import type { IncidentJson } from "#api/contract";
import { api } from "#ui/api";
import { Time } from "#ui/data/cells";
import { Badge } from "#ui/primitives/badge";
import { Button } from "#ui/primitives/button";
import { Card } from "#ui/primitives/card";
import { Skeleton } from "#ui/primitives/skeleton";
import { QueryState } from "#ui/state/query-state";
import { Empty } from "#ui/state/states";
import { IncidentDialog } from "./incident-dialog";

const incidentsQuery = queryOptions({
  queryKey: ["office", "incidents"],
  queryFn: () => api.get<{ data: IncidentJson[] }>("/admin/incidents"),
});

/** Open incidents first; each can be told more of, and ended. */
export function IncidentList() {
  const t = useTranslations("officeStatus");
  const incidents = useQuery(incidentsQuery);
  const [edited, setEdited] = useState<IncidentJson | "new" | null>(null);
  return (
    <div className="grid gap-4">
      <Button size="sm" className="justify-self-start" onClick={() => setEdited("new")}>
        {t("open")}
      </Button>
      <Card aria-label={t("title")}>
        <QueryState query={incidents} failure={t("failure")} skeleton={<Skeleton className="m-4 h-40" />}>
          {({ data }) =>
            data.length === 0 ? (
              <Empty icon={<CircleCheck strokeWidth={1.75} />} title={t("empty")} text={t("emptyText")} />
            ) : (
              <ul className="divide-y divide-line">
                {data.map((incident) => (
                  <IncidentRow key={incident.id} incident={incident} onTell={() => setEdited(incident)} />
                ))}
              </ul>
            )
          }
        </QueryState>
      </Card>
      <IncidentDialog
        incident={edited}
        onClose={(said) => {
          setEdited(null);
          if (said) void incidents.refetch();
        }}
      />
    </div>
  );
}

function IncidentRow({ incident, onTell }: { incident: IncidentJson; onTell: () => void }) {
  const t = useTranslations("officeStatus");
  const status = useTranslations("status");
  const locale = useLocale();
  const { title, part, startedAt, resolvedAt, updates, origin } = incident;
  const [latest] = updates;
  const partName = part ? status(`part.${part}`) : status("site");
  return (
    <li className="flex flex-wrap items-start justify-between gap-3 px-4 py-3">
      <div className="grid min-w-0 gap-1 text-13">
        <span className="flex flex-wrap items-center gap-2 text-14 font-medium">
          {title?.[locale] ?? status("probeTitle", { part: partName })}
          <Badge tone={resolvedAt ? "neutral" : "danger"}>{t(resolvedAt ? "over" : "isOpen")}</Badge>
          {origin === "probe" && <Badge>{t("found")}</Badge>}
        </span>
        <span className="text-text-3">
          {partName} · <Time at={startedAt} /> – {resolvedAt ? <Time at={resolvedAt} /> : status("stillOpen")}
        </span>
        {latest && (
          <p className="break-words text-text-2">
            <strong className="font-medium">{status(`state.${latest.state}`)}</strong> {latest.text[locale]}
          </p>
        )}
      </div>
      {!resolvedAt && (
        <Button size="sm" variant="secondary" onClick={onTell}>
          {t("tell")}
        </Button>
      )}
    </li>
  );
}
