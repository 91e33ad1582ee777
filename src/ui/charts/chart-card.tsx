"use client";

import { ChartColumnStacked, Download, Table2 } from "lucide-react";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { Card, CardBody } from "#ui/primitives/card";
import { IconButton } from "#ui/primitives/icon-button";
import { Segmented } from "#ui/primitives/tabs";
import { saveText } from "#ui/save-text";

export type ChartView = "chart" | "table";

type ChartCardProps = {
  title: ReactNode;
  /** The unit and the zone its days are counted in. */
  hint: ReactNode;
  /** The range's choices and the like, at the right. */
  controls?: ReactNode;
  view: ChartView;
  onViewChange: (view: ChartView) => void;
  /** Gives the figures as CSV; null while there are none. */
  csv: { text: () => string; fileName: string } | null;
  children: ReactNode;
};

/** The frame of every chart: what it shows, in which unit and zone, as picture, as table and as CSV. */
export function ChartCard({ title, hint, controls, view, onViewChange, csv, children }: ChartCardProps) {
  const t = useTranslations("common");
  return (
    <Card aria-label={typeof title === "string" ? title : undefined} className="flex min-w-0 flex-col">
      <header className="grid gap-x-4 gap-y-1 px-4 pt-2.5 pb-3 sm:px-5">
        <div className="flex min-h-9 flex-wrap items-center justify-between gap-x-4 gap-y-2">
          <h2 className="min-w-0 flex-1 basis-40 text-14 font-semibold text-text">{title}</h2>
          <div className="flex flex-wrap items-center gap-2">
            {controls}
            <Segmented
              label={t("view")}
              value={view}
              onValueChange={onViewChange}
              options={[
                { value: "chart", label: <ViewIcon icon={<ChartColumnStacked />} name={t("chart")} /> },
                { value: "table", label: <ViewIcon icon={<Table2 />} name={t("table")} /> },
              ]}
            />
            <IconButton
              size="sm"
              variant="secondary"
              label={t("downloadCsv")}
              icon={<Download strokeWidth={1.75} />}
              disabled={csv === null}
              onClick={() => csv && saveText(csv.text(), csv.fileName, "text/csv")}
            />
          </div>
        </div>
        <p className="text-13 text-text-3">{hint}</p>
      </header>
      <CardBody className="flex grow flex-col">{children}</CardBody>
    </Card>
  );
}

function ViewIcon({ icon, name }: { icon: ReactNode; name: string }) {
  return (
    <>
      {icon}
      <span className="sr-only">{name}</span>
    </>
  );
}
