"use client";

import { History } from "lucide-react";
import { useTranslations } from "next-intl";
import { networkProblem, Problem } from "#ui/api";
import { Button } from "#ui/primitives/button";
import { Card } from "#ui/primitives/card";
import { Empty, Failure, NotConfigured, OfflineNotice, Stale } from "#ui/state/states";
import { Sample, type SamplesProps } from "./sample";

const refused = new Problem({
  status: 503,
  code: "busy",
  title: "Busy",
  requestId: "req_01kaqtwsvf3h5m8w9z0x1c2v3b",
  errors: [],
  facts: {},
});

export function StateSamples(_: SamplesProps) {
  const t = useTranslations("devUi");
  return (
    <>
      <Sample name="Empty" className="grid">
        <Card>
          <Empty
            icon={<History strokeWidth={1.75} />}
            title={t("emptyTitle")}
            text={t("emptyText")}
            action={<Button size="sm">{t("action")}</Button>}
          />
        </Card>
      </Sample>
      <Sample name="Failure" className="grid sm:grid-cols-2">
        <Card>
          <Failure error={refused} onRetry={() => undefined} />
        </Card>
        <Card>
          <Failure error={networkProblem()} />
        </Card>
      </Sample>
      <Sample name="Offline, Stale, NotConfigured" className="grid">
        <OfflineNotice />
        <Stale at="2026-11-24T00:20:00Z" onRetry={() => undefined} />
        <NotConfigured missing="AI_BASE_URL" />
      </Sample>
    </>
  );
}
