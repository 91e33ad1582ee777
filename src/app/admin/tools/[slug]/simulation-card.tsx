"use client";

import { useMutation } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useState } from "react";
import type { SimulationJson } from "#api/contract";
import type { ToolDraft } from "#tools";
import { api } from "#ui/api";
import { Button } from "#ui/primitives/button";
import { Card, CardBody, CardHeader } from "#ui/primitives/card";
import { FieldError } from "#ui/primitives/field";
import { Select } from "#ui/primitives/select";
import { useProblemText } from "#ui/problem-text";
import { useFormat } from "#ui/use-format";

const periods = ["lastMonth", "last30Days"] as const;

/** What the runs on record would have earned by the rates in the form; null while they do not fit. */
export function SimulationCard({ slug, rates }: { slug: string; rates: ToolDraft["rates"] | null }) {
  const t = useTranslations("officeTools.simulation");
  const problemText = useProblemText();
  const [period, setPeriod] = useState<(typeof periods)[number]>("lastMonth");
  const simulate = useMutation({
    mutationFn: () => api.post<SimulationJson>(`/admin/tools/${slug}/simulation`, { rates, period }),
  });
  return (
    <Card aria-labelledby="simulation">
      <CardHeader id="simulation" title={t("title")} />
      <CardBody className="grid gap-4">
        <p className="text-13 text-text-2">{t("text")}</p>
        <div className="flex items-center gap-2">
          <Select
            aria-label={t("period")}
            value={period}
            onChange={({ target }) => setPeriod(periods.find((one) => one === target.value) ?? "lastMonth")}
            options={periods.map((value) => ({ value, label: t(value) }))}
          />
          <Button
            variant="secondary"
            busy={simulate.isPending}
            disabled={rates === null}
            onClick={() => simulate.mutate()}
          >
            {t("try")}
          </Button>
        </div>
        <FieldError id="simulation" error={simulate.error ? problemText(simulate.error) : undefined} />
        {simulate.data && <Outcome simulation={simulate.data} />}
      </CardBody>
    </Card>
  );
}

function Outcome({ simulation }: { simulation: SimulationJson }) {
  const t = useTranslations("officeTools.simulation");
  const format = useFormat();
  const { runs, uncounted, sample, earned, would, dearer, same, cheaper, changes, from, to } = simulation;
  const last = new Date(new Date(to).getTime() - 1).toISOString();
  // Noon, so that the day of UTC is the same day in the reader's zone.
  const dayOf = (time: string) => format.date(`${time.slice(0, 10)}T12:00:00Z`);
  const share = earned > 0 ? ` (${format.percent((would - earned) / earned)})` : "";
  if (runs === 0) return <p className="text-13 text-text-2">{t("none")}</p>;
  return (
    <div className="grid gap-3 text-13" data-testid="simulation">
      <dl className="num grid grid-cols-[1fr_auto] gap-x-4 gap-y-1.5 [&_dd]:text-right">
        <dt className="text-text-2">{t("earned")}</dt>
        <dd>{format.credits(earned)}</dd>
        <dt className="text-text-2">{t("would")}</dt>
        <dd className="font-semibold text-mint-text">{format.credits(would)}</dd>
        <dt className="text-text-2">{t("change")}</dt>
        <dd>
          {format.signed(would - earned)}
          {share}
        </dd>
      </dl>
      <p className="text-text-2">
        {t("spread", { dearer, same: format.integer(same), cheaper: format.integer(cheaper) })}
      </p>
      <table className="num w-full">
        <thead className="text-12 text-text-3">
          <tr className="*:pb-1 *:text-right *:font-medium">
            <th scope="col">{t("charged")}</th>
            <th scope="col">{t("wouldBe")}</th>
            <th scope="col">{t("count")}</th>
          </tr>
        </thead>
        <tbody>
          {changes.map((change) => (
            <tr
              key={`${change.charged} ${change.would}`}
              className="border-t border-line *:py-1 *:text-right"
            >
              <td>{format.integer(change.charged)}</td>
              <td>{format.integer(change.would)}</td>
              <td>{format.integer(change.runs)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="text-text-3">
        {t("runs", { count: runs, from: dayOf(from), to: dayOf(last) })}{" "}
        {sample && t("sample", { size: format.integer(sample.size), of: format.integer(sample.of) })}{" "}
        {uncounted > 0 && t("uncounted", { count: uncounted })}
      </p>
    </div>
  );
}
