import type { Metadata } from "next";
import Link from "next/link";
import { notFound } from "next/navigation";
import { getLocale, getTranslations } from "next-intl/server";
import { cache } from "react";
import { mayRole } from "#identity";
import { config } from "#platform/config";
import { Refusal } from "#platform/refusal";
import { listRevisions, readToolSettings } from "#tools";
import { MadeEditor } from "#ui/made-tool/made-editor";
import { NotAllowed } from "#ui/office/not-allowed";
import { requireStaffSession } from "#ui/office/session";
import { ToolSwitch } from "#ui/office/tool-switch";
import { Badge } from "#ui/primitives/badge";
import { PageHeader } from "#ui/primitives/card";
import { ToolTile } from "#ui/tool-icon";
import { Editor } from "./editor";
import { Revisions } from "./revisions";

type PageProps = {
  params: Promise<{ slug: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
};

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  const t = await getTranslations("officeTools");
  const { user } = await requireStaffSession();
  const settings = mayRole(user.role, "tools.read") ? await settingsOf((await params).slug) : null;
  return { title: settings?.published.texts[await getLocale()].name ?? t("title") };
}

/** Once a request, for the page and its title; null for a tool that is not there. */
const settingsOf = cache((slug: string) =>
  readToolSettings(slug).catch((error: unknown) => {
    if (error instanceof Refusal) return null;
    throw error;
  }),
);

/** A tool in the operator's hands: form left, card right; draft, difference, publish; revisions; a price tried. */
export default async function ToolOfficePage({ params, searchParams }: PageProps) {
  const { user } = await requireStaffSession();
  if (!mayRole(user.role, "tools.read")) return <NotAllowed right="tools.read" role={user.role} />;
  const { slug } = await params;
  const { before } = await searchParams;
  const settings = await settingsOf(slug);
  if (!settings) notFound();
  const { revisions, next } = await listRevisions(slug, {
    ...{
      limit: 10,
      before: typeof before === "string" && /^\d{1,9}$/.test(before) ? Number(before) : undefined,
    },
  });
  const t = await getTranslations("officeTools");
  const { tool, code, published, revision, draft, made } = settings;
  const unpublished = made !== null && !made.published;
  const { name } = published.texts[await getLocale()];
  const mayChange = mayRole(user.role, "tools.change");
  return (
    <>
      <PageHeader
        eyebrow={
          <Link href="/admin/tools" className="underline-offset-3 hover:text-text hover:underline">
            {t("back")}
          </Link>
        }
        title={
          <span className="flex flex-wrap items-center gap-3">
            <ToolTile name={tool.icon} />
            {name}
            {unpublished ? (
              <Badge>{t("drafted")}</Badge>
            ) : (
              !published.enabled && <Badge tone="danger">{t("off")}</Badge>
            )}
          </span>
        }
        description={
          unpublished ? t("unpublished") : revision === 0 ? t("ofCode") : t("revision", { revision })
        }
        actions={
          mayChange && !unpublished && <ToolSwitch tool={{ slug, name, enabled: published.enabled }} />
        }
      />
      {made ? (
        <MadeEditor
          key={`${revision} ${draft?.savedAt.getTime() ?? 0}`}
          {...{ slug, name, revision, mayChange }}
          privateToo={config().HTTP_TOOLS_PRIVATE}
          published={made.published}
          draft={made.draft && draft && { definition: made.draft, savedAt: draft.savedAt.toISOString() }}
        />
      ) : (
        <Editor
          key={`${revision} ${draft?.savedAt.getTime() ?? 0}`}
          tool={{ slug, name, icon: tool.icon, kind: tool.pricing.kind }}
          code={code}
          published={published}
          revision={revision}
          draft={draft && { state: draft.state, savedAt: draft.savedAt.toISOString() }}
          mayChange={mayChange}
        />
      )}
      <Revisions
        slug={slug}
        made={made !== null}
        current={revision}
        revisions={revisions.map((each) => ({ ...each, createdAt: each.createdAt.toISOString() }))}
        older={next}
        mayChange={mayChange}
      />
    </>
  );
}
