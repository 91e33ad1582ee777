import type { Metadata } from "next";
import Link from "next/link";
import { getLocale, getTranslations } from "next-intl/server";
import { mayRole } from "#identity";
import { findMissing, listDrafted, listTools, listUnpublished, toolFigures, unitPrice } from "#tools";
import { NewToolButtons } from "#ui/made-tool/import-tool";
import { NotAllowed } from "#ui/office/not-allowed";
import { requireStaffSession } from "#ui/office/session";
import { Badge } from "#ui/primitives/badge";
import { Card, CardHeader, PageHeader } from "#ui/primitives/card";
import { ToolTile } from "#ui/tool-icon";
import { type ToolRow, ToolsView } from "./tools-view";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("officeTools");
  return { title: t("title") };
}

/** Every tool as customers have it: on or off, its price, how it fares, where it stands. */
export default async function ToolsOfficePage() {
  const { user } = await requireStaffSession();
  const t = await getTranslations("officeTools");
  if (!mayRole(user.role, "tools.read")) return <NotAllowed right="tools.read" role={user.role} />;
  return (
    <>
      <PageHeader
        title={t("title")}
        description={t("text")}
        actions={mayRole(user.role, "tools.change") && <NewToolButtons />}
      />
      <Unpublished />
      <ToolsView tools={await toolRows()} mayChange={mayRole(user.role, "tools.change")} />
    </>
  );
}

/** Made tools that customers have not got yet. */
async function Unpublished() {
  const [t, locale, tools] = await Promise.all([
    getTranslations("officeTools"),
    getLocale(),
    listUnpublished(),
  ]);
  if (tools.length === 0) return null;
  return (
    <Card aria-labelledby="unpublished" className="mb-5">
      <CardHeader id="unpublished" title={t("unpublishedTitle")} hint={t("unpublished")} />
      <ul className="grid gap-1 px-2 pb-3 sm:px-3">
        {tools.map(({ slug, icon, texts }) => (
          <li key={slug}>
            <Link
              href={`/admin/tools/${slug}`}
              className="flex min-h-11 items-center gap-3 rounded-control px-2 py-1.5 text-14 hover:bg-hover"
            >
              <ToolTile name={icon} className="size-8" />
              <span className="min-w-0 truncate font-medium">{texts[locale].name}</span>
              <Badge>{t("drafted")}</Badge>
            </Link>
          </li>
        ))}
      </ul>
    </Card>
  );
}

async function toolRows(): Promise<ToolRow[]> {
  const locale = await getLocale();
  const [tools, figures, drafted] = await Promise.all([listTools(), toolFigures(7), listDrafted()]);
  const missing = await findMissing(tools);
  return tools.map((tool) => ({
    ...{ slug: tool.slug, icon: tool.icon, name: tool.texts[locale].name },
    ...{ enabled: tool.enabled, minimumPlan: tool.minimumPlan, price: unitPrice(tool) },
    configured: !missing.has(tool.slug),
    drafted: drafted.has(tool.slug),
    ...(figures.get(tool.slug) ?? { runs: 0, succeeded: 0 }),
  }));
}
