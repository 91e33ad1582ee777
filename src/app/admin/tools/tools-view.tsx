"use client";

import { useMutation } from "@tanstack/react-query";
import { ArrowDown, ArrowUp } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import type { PlanId } from "#billing/catalogue";
import { api } from "#ui/api";
import { type Column, Table } from "#ui/data/table";
import { ToolSwitch } from "#ui/office/tool-switch";
import { Badge } from "#ui/primitives/badge";
import { Card } from "#ui/primitives/card";
import { IconButton } from "#ui/primitives/icon-button";
import { toast } from "#ui/primitives/toast";
import { useProblemText } from "#ui/problem-text";
import { PriceText } from "#ui/public/price-text";
import { ToolTile } from "#ui/tool-icon";
import type { UnitPrices } from "#ui/tool-price";
import { useFormat } from "#ui/use-format";

export type ToolRow = {
  slug: string;
  icon: string;
  name: string;
  enabled: boolean;
  configured: boolean;
  drafted: boolean;
  minimumPlan: PlanId;
  price: UnitPrices | null;
  /** That ended in the last seven days, and those of them that succeeded. */
  runs: number;
  succeeded: number;
};

type ToolsViewProps = { tools: readonly ToolRow[]; mayChange: boolean };

/** The tools in the order that customers see, each with its switch. */
export function ToolsView({ tools, mayChange }: ToolsViewProps) {
  const t = useTranslations("officeTools");
  const plans = useTranslations("pricing.plan");
  const format = useFormat();
  const columns: Column<ToolRow>[] = [
    { key: "tool", header: t("column.tool"), mobile: "title", cell: (tool) => <ToolName tool={tool} /> },
    { key: "price", header: t("column.price"), cell: ({ price }) => <PriceText price={price} /> },
    { key: "plan", header: t("column.plan"), cell: ({ minimumPlan }) => plans(minimumPlan) },
    {
      key: "runs",
      header: t("column.runs"),
      align: "right",
      cell: ({ runs }) => <span className="num">{format.integer(runs)}</span>,
    },
    {
      key: "success",
      header: t("column.success"),
      align: "right",
      cell: ({ runs, succeeded }) =>
        runs > 0 ? <span className="num">{format.percent(succeeded / runs)}</span> : t("noRuns"),
    },
    ...(mayChange
      ? ([
          {
            key: "order",
            header: t("column.order"),
            cell: (tool) => <Mover tool={tool} tools={tools} />,
          },
        ] satisfies Column<ToolRow>[])
      : []),
    {
      key: "switch",
      header: t("column.switch"),
      align: "right",
      mobile: "corner",
      cell: (tool) =>
        mayChange ? (
          <ToolSwitch tool={tool} />
        ) : (
          <Badge tone={tool.enabled ? "ok" : "danger"}>{t(tool.enabled ? "on" : "off")}</Badge>
        ),
    },
  ];
  return (
    <Card aria-label={t("title")}>
      <Table label={t("title")} columns={columns} rows={tools} rowKey={({ slug }) => slug} />
    </Card>
  );
}

function ToolName({ tool: { slug, icon, name, enabled, configured, drafted } }: { tool: ToolRow }) {
  const t = useTranslations("officeTools");
  return (
    <span className="flex items-center gap-3 py-2">
      <ToolTile name={icon} />
      <span className="grid justify-items-start gap-1">
        <Link href={`/admin/tools/${slug}`} className="font-medium underline-offset-4 hover:underline">
          {name}
        </Link>
        <span className="flex flex-wrap gap-1.5 empty:hidden">
          {!enabled && <Badge tone="danger">{t("off")}</Badge>}
          {drafted && <Badge tone="info">{t("drafted")}</Badge>}
          {!configured && <Badge>{t("notConfigured")}</Badge>}
        </span>
      </span>
    </span>
  );
}

/** Moves a tool by one place in every list. */
function Mover({ tool, tools }: { tool: ToolRow; tools: readonly ToolRow[] }) {
  const t = useTranslations("officeTools");
  const problemText = useProblemText();
  const router = useRouter();
  const move = useMutation({
    mutationFn: (before: string | null) => api.post<void>(`/admin/tools/${tool.slug}/move`, { before }),
    onSuccess: () => {
      toast.done(t("moved", { name: tool.name }));
      router.refresh();
    },
    onError: (error) => toast.failure(problemText(error)),
  });
  const index = tools.findIndex(({ slug }) => slug === tool.slug);
  const [above, afterNext] = [tools[index - 1], tools[index + 2]];
  const { name } = tool;
  return (
    <span className="flex">
      <IconButton
        size="sm"
        label={t("up", { name })}
        icon={<ArrowUp strokeWidth={1.75} />}
        disabled={move.isPending || above === undefined}
        onClick={() => above && move.mutate(above.slug)}
      />
      <IconButton
        size="sm"
        label={t("down", { name })}
        icon={<ArrowDown strokeWidth={1.75} />}
        disabled={move.isPending || index === tools.length - 1}
        onClick={() => move.mutate(afterNext?.slug ?? null)}
      />
    </span>
  );
}
