"use client";

import { useQuery } from "@tanstack/react-query";
import { BrainCircuit, Plus } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import type { ProviderJson } from "#api/contract";
import { api } from "#ui/api";
import { Badge } from "#ui/primitives/badge";
import { Button } from "#ui/primitives/button";
import { Card, CardBody, PageHeader } from "#ui/primitives/card";
import { Skeleton } from "#ui/primitives/skeleton";
import { queryKeys } from "#ui/query-keys";
import { Empty, Failure, useMinute } from "#ui/state/states";
import { useFormat } from "#ui/use-format";
import { ModelsTable } from "./models-table";
import { ProviderDialog } from "./provider-dialog";
import { ProviderMenu } from "./provider-menu";

type ProvidersViewProps = {
  mayChange: boolean;
  /** The model that the environment names: asked last. */
  ofEnvironment: { host: string; model: string } | null;
};

export function ProvidersView({ mayChange, ofEnvironment }: ProvidersViewProps) {
  const t = useTranslations("officeModels");
  const [adding, setAdding] = useState(false);
  const query = useQuery({
    queryKey: queryKeys.providers,
    queryFn: ({ signal }) => api.get<{ data: ProviderJson[] }>("/admin/providers", { signal }),
    // Whether one rests is worth seeing while it does.
    refetchInterval: 15_000,
  });
  const add = mayChange && (
    <Button onClick={() => setAdding(true)}>
      <Plus aria-hidden="true" strokeWidth={1.75} />
      {t("addProvider")}
    </Button>
  );
  const providers = query.data?.data ?? [];
  return (
    <>
      <PageHeader title={t("title")} description={t("text")} actions={providers.length > 0 && add} />
      <div className="grid gap-5">
        {query.isPending ? (
          <Skeleton className="h-56 rounded-card" />
        ) : query.isError ? (
          <Card>
            <Failure error={query.error} onRetry={() => void query.refetch()} />
          </Card>
        ) : providers.length === 0 ? (
          <Card>
            <Empty
              icon={<BrainCircuit strokeWidth={1.75} />}
              title={t("emptyTitle")}
              text={ofEnvironment ? t("emptyTextEnvironment", ofEnvironment) : t("emptyText")}
              action={add || undefined}
            />
          </Card>
        ) : (
          <>
            {providers.map((provider) => (
              <ProviderCard key={provider.id} provider={provider} mayChange={mayChange} />
            ))}
            <ModelsTable providers={providers} mayChange={mayChange} />
            {ofEnvironment && <p className="text-13 text-text-2">{t("environment", ofEnvironment)}</p>}
          </>
        )}
      </div>
      <ProviderDialog open={adding} onOpenChange={setAdding} provider={null} />
    </>
  );
}

type ProviderCardProps = { provider: ProviderJson; mayChange: boolean };

function ProviderCard({ provider, mayChange }: ProviderCardProps) {
  const t = useTranslations("officeModels");
  const { keyHint } = provider;
  const keyText = keyHint ? t("key", { hint: keyHint }) : t(keyHint === null ? "noKey" : "shortKey");
  return (
    <Card aria-label={provider.name} data-testid="provider">
      <CardBody className="grid gap-4 pt-4 sm:pt-5">
        <div className="flex items-start justify-between gap-4">
          <div className="grid min-w-0 gap-1">
            <h2 className="flex flex-wrap items-center gap-2 text-16 font-semibold">
              {provider.name}
              <StateBadge provider={provider} />
            </h2>
            <p className="flex flex-wrap gap-x-3 gap-y-0.5 text-13 text-text-2">
              <span className="break-all">{provider.baseUrl}</span>
              <span>{keyText}</span>
              {provider.maxConcurrent && <span>{t("concurrent", { count: provider.maxConcurrent })}</span>}
              {provider.maxPerMinute && <span>{t("perMinute", { count: provider.maxPerMinute })}</span>}
            </p>
          </div>
          {mayChange && <ProviderMenu provider={provider} />}
        </div>
        {provider.keyLost && <p className="text-13 text-danger">{t("keyLost")}</p>}
        <LastError provider={provider} />
      </CardBody>
    </Card>
  );
}

function StateBadge({ provider }: { provider: ProviderJson }) {
  const t = useTranslations("officeModels.state");
  const format = useFormat();
  const now = useMinute();
  if (!provider.enabled) return <Badge>{t("off")}</Badge>;
  if (provider.keyLost) return <Badge tone="danger">{t("keyLost")}</Badge>;
  const rests =
    now && provider.restsUntil && new Date(provider.restsUntil) > now ? provider.restsUntil : null;
  if (rests) return <Badge tone="danger">{t("rests", { time: format.hour(rests) })}</Badge>;
  if (provider.failures > 0) return <Badge tone="hold">{t("failing", { count: provider.failures })}</Badge>;
  return <Badge tone="ok">{t("on")}</Badge>;
}

/** What it said last when it failed; it stays when it works again, with its time. */
function LastError({ provider: { lastError, lastErrorAt, failures } }: { provider: ProviderJson }) {
  const t = useTranslations("officeModels");
  const format = useFormat();
  if (!lastError || !lastErrorAt) return null;
  return (
    <p className={failures > 0 ? "text-13 text-danger" : "text-13 text-text-3"}>
      {t("lastError", { time: format.dateTime(lastErrorAt) })}{" "}
      <span className="break-words">{lastError}</span>
    </p>
  );
}
