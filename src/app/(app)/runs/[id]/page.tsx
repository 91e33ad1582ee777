import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { getLocale, getTranslations } from "next-intl/server";
import { config } from "#platform/config";
import { Refusal } from "#platform/refusal";
import { findTool, inputSchema, medianSeconds, requireRun } from "#tools";
import { requirePageSession } from "#ui/shell/session";
import { RunPage } from "./run-page";

type RunPageProps = { params: Promise<{ id: string }> };

export async function generateMetadata({ params }: RunPageProps): Promise<Metadata> {
  const t = await getTranslations("runs");
  const { id } = await params;
  return { title: t("view.label", { id }) };
}

/** A run by its address: the same truth after a reload, in another browser, a month later. */
export default async function RunRoute({ params }: RunPageProps) {
  const session = await requirePageSession();
  const { id } = await params;
  const run = await requireRun({ accountId: session.accountId }, id).catch((error: unknown) => {
    if (error instanceof Refusal) notFound();
    throw error;
  });
  const locale = await getLocale();
  const tool = await findTool(run.tool);
  return (
    <RunPage
      id={id}
      siteName={config().SITE_NAME}
      tool={{
        slug: run.tool,
        name: tool?.texts[locale].name ?? run.tool,
        icon: tool?.icon ?? "",
        streaming: tool?.streaming ?? false,
        fixedPrice: tool?.pricing.kind === "exact",
        continues: tool?.continues ?? false,
        medianSeconds: (await medianSeconds([run.tool])).get(run.tool) ?? null,
        fields: tool ? inputSchema(tool, locale) : [],
      }}
    />
  );
}
