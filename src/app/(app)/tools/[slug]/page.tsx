import type { Metadata } from "next";
import Link from "next/link";
import { notFound } from "next/navigation";
import { getLocale, getTranslations } from "next-intl/server";
import { sells } from "#billing";
import { readAllowed } from "#billing/entitlements";
import type { Locale } from "#i18n";
import { keyPrefix } from "#identity";
import { config } from "#platform/config";
import { db } from "#platform/db";
import { findTool, inputSchema, medianSeconds, retentionDays, type Tool, unitPrice } from "#tools";
import { PageHeader } from "#ui/primitives/card";
import { pageSession } from "#ui/shell/session";
import { ToolTile } from "#ui/tool-icon";
import type { ToolView } from "./tool-view";
import { Workbench } from "./workbench";

type ToolPageProps = { params: Promise<{ slug: string }> };

export async function generateMetadata({ params }: ToolPageProps): Promise<Metadata> {
  const tool = findTool((await params).slug);
  if (!tool) return {};
  const { name, summary } = tool.texts[await getLocale()];
  return { title: name, description: summary, openGraph: { title: name, description: summary } };
}

/** A tool: its form, its price, its result. */
export default async function ToolPage({ params }: ToolPageProps) {
  const tool = findTool((await params).slug);
  if (!tool) notFound();
  const locale = await getLocale();
  const t = await getTranslations("tools");
  const session = await pageSession();
  const allowed = session && (await readAllowed(db(), session.accountId));
  const { baseUrl, production, OPERATOR_MAIL: contact, SITE_NAME } = config();
  const { name, description } = tool.texts[locale];
  return (
    <>
      <PageHeader
        eyebrow={
          <Link href="/tools" className="underline-offset-3 hover:text-text hover:underline">
            {t("back")}
          </Link>
        }
        title={
          <span className="flex items-center gap-3">
            <ToolTile name={tool.icon} className="max-sm:hidden" />
            {name}
          </span>
        }
        description={description}
      />
      <Workbench
        tool={await toolView(tool, locale, session === null)}
        viewer={session && { email: session.user.email, verified: session.user.emailVerified }}
        site={{
          ...{ name: SITE_NAME, baseUrl, production, contact, sells: sells() },
          ...{ keyPrefix: keyPrefix(), retentionDays: retentionDays(allowed) },
        }}
      />
    </>
  );
}

/** @param visitor true for the smaller limits of those who try it without an account. */
async function toolView(tool: Tool, locale: Locale, visitor: boolean): Promise<ToolView> {
  const { slug, icon, streaming, limits } = tool;
  const { name, description, takes, gives } = tool.texts[locale];
  const configured = tool.configured();
  const smaller = visitor ? tool.tryable : undefined;
  const fields = inputSchema(tool, locale).map((field) =>
    field.control === "file" ? { ...field, files: { ...field.files, ...smaller } } : field,
  );
  const most = smaller?.maxCount ?? tool.files?.maxCount ?? 0;
  const examples = tool.examples.filter(({ samples }) => samples.length <= most);
  return {
    ...{ slug, icon, streaming, name, description, takes, gives },
    fields,
    examples: examples.map(({ title, input, samples }) => ({ title: title[locale], input, samples })),
    price: unitPrice(tool),
    medianSeconds: (await medianSeconds([slug])).get(slug) ?? null,
    timeoutSeconds: limits.timeoutSeconds,
    missing: configured === true ? null : configured.missing,
    tryable: tool.tryable !== undefined,
  };
}
