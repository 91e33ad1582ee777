import type { Metadata } from "next";
import Link from "next/link";
import { notFound } from "next/navigation";
import { getLocale, getTranslations } from "next-intl/server";
import { sells } from "#billing";
import { type Allowed, allowsTool, readAllowed } from "#billing/entitlements";
import type { Locale } from "#i18n";
import { keyPrefix, mayRole, type Session } from "#identity";
import { config } from "#platform/config";
import { db } from "#platform/db";
import { Refusal } from "#platform/refusal";
import {
  draftedTool,
  fileLimits,
  findMissing,
  findTool,
  inputSchema,
  medianSeconds,
  retentionDays,
  type Tool,
  unitPrice,
} from "#tools";
import { PageHeader } from "#ui/primitives/card";
import { pageSession } from "#ui/shell/session";
import { ToolTile } from "#ui/tool-icon";
import type { ToolView } from "./tool-view";
import { Workbench } from "./workbench";

type ToolPageProps = {
  params: Promise<{ slug: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
};

export async function generateMetadata({ params }: ToolPageProps): Promise<Metadata> {
  const tool = await findTool((await params).slug);
  if (!tool) return {};
  const { name, summary } = tool.texts[await getLocale()];
  return { title: name, description: summary, openGraph: { title: name, description: summary } };
}

/** A tool: its form, its price, its result. */
export default async function ToolPage({ params, searchParams }: ToolPageProps) {
  const { slug } = await params;
  const locale = await getLocale();
  const t = await getTranslations("tools");
  const session = await pageSession();
  const trial = (await searchParams).trial === "1" && session !== null && mayTest(session);
  const tool = trial ? await tried(slug) : await findTool(slug);
  if (!tool) notFound();
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
      {trial && (
        <p
          role="status"
          className="mb-5 rounded-field bg-info-soft px-3.5 py-3 text-13 text-text"
          data-testid="trial"
        >
          {t("trial")}{" "}
          <Link href={`/admin/tools/${slug}`} className="font-medium underline underline-offset-3">
            {t("trialBack")}
          </Link>
        </p>
      )}
      <Workbench
        tool={{ ...(await toolView(tool, locale, allowed)), ...(trial && tested) }}
        viewer={session && { email: session.user.email, verified: session.user.emailVerified }}
        site={{
          ...{ name: SITE_NAME, baseUrl, production, contact, sells: sells() },
          ...{ keyPrefix: keyPrefix(), retentionDays: retentionDays(allowed) },
        }}
      />
    </>
  );
}

/** The tool as its draft says; null when there is none of this name. */
async function tried(slug: string): Promise<Tool | null> {
  try {
    return (await draftedTool(slug)).tool;
  } catch (error) {
    if (error instanceof Refusal) return null;
    throw error;
  }
}

/** What stands in a customer's way does not stand in that of a test. */
const tested = { trial: true, off: false, planNeeded: null };

function mayTest({ user }: Session): boolean {
  return mayRole(user.role, "tools.change");
}

/** @param allowed null for a visitor, who tries it without an account and within smaller limits */
async function toolView(tool: Tool, locale: Locale, allowed: Allowed | null): Promise<ToolView> {
  const { slug, icon, streaming, limits } = tool;
  const { name, description, takes, gives } = tool.texts[locale];
  const files = tool.files && fileLimits(tool.files, allowed ? undefined : tool.tryable);
  const fields = inputSchema(tool, locale).map((field) =>
    field.control === "file" && files ? { ...field, files } : field,
  );
  const most = files?.maxCount ?? 0;
  const examples = tool.examples.filter(({ samples }) => samples.length <= most);
  return {
    continues: tool.continues ?? false,
    ...{ slug, icon, streaming, name, description, takes, gives },
    fields,
    examples: examples.map(({ title, input, samples }) => ({ title: title[locale], input, samples })),
    price: unitPrice(tool),
    fixedPrice: tool.pricing.kind === "exact",
    medianSeconds: (await medianSeconds([slug])).get(slug) ?? null,
    timeoutSeconds: limits.timeoutSeconds,
    missing: (await findMissing([tool])).get(slug) ?? null,
    off: !tool.enabled,
    planNeeded: allowed && !allowsTool(allowed, tool) ? tool.minimumPlan : null,
    tryable: tool.tryable !== undefined,
    trial: false,
  };
}
