"use client";

import { useTranslations } from "next-intl";
import { typeLabel } from "#ui/files/media-types";
import { Card } from "#ui/primitives/card";
import { fileField } from "#ui/tool-form/form-values";
import { ToolIcon } from "#ui/tool-icon";
import { useFormat } from "#ui/use-format";
import type { ToolView } from "./tool-view";

/** What stands where the result will: what comes out, how long it takes, and the limits. */
export function EmptyResult({ tool, retentionDays }: { tool: ToolView; retentionDays: number }) {
  const t = useTranslations("tools");
  const format = useFormat();
  const files = fileField(tool.fields)?.files;
  const megapixels = files?.maxPixels ? Math.round(files.maxPixels / 1e6) : null;
  const rows: [string, string | null][] = [
    [t("result.takes"), tool.takes],
    [t("result.gives"), tool.gives],
    [t("result.takesTime"), tool.medianSeconds === null ? null : format.duration(tool.medianSeconds)],
    [t("limit.types"), files ? files.accept.map(typeLabel).join(", ") : null],
    [t("limit.size"), files ? format.bytes(files.maxBytes) : null],
    [t("limit.count"), files && files.maxCount > 1 ? format.integer(files.maxCount) : null],
    [t("limit.pixels"), megapixels === null ? null : t("limit.megapixels", { count: megapixels })],
    [t("limit.pages"), files?.maxPages ? format.integer(files.maxPages) : null],
    [t("limit.time"), format.duration(tool.timeoutSeconds)],
  ];
  return (
    <Card className="overflow-hidden">
      <div className="grid justify-items-center gap-3 bg-sunken px-6 py-14 text-center">
        <span className="grid size-12 place-items-center rounded-card border border-line bg-surface text-text-3">
          <ToolIcon name={tool.icon} />
        </span>
        <p className="text-14 font-medium text-text">{t("result.empty")}</p>
        <p className="max-w-80 text-13 text-text-3">
          {t("run.failures")} {t("result.keep", { days: retentionDays })}
        </p>
      </div>
      <dl className="grid grid-cols-[auto_1fr] gap-x-6 gap-y-1.5 border-t border-line px-4 py-4 text-13 sm:px-5">
        {rows.map(
          ([name, value]) =>
            value && (
              <div key={name} className="contents">
                <dt className="text-text-3">{name}</dt>
                <dd className="num text-right text-text-2">{value}</dd>
              </div>
            ),
        )}
      </dl>
    </Card>
  );
}
