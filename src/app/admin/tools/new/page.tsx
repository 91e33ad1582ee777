import type { Metadata } from "next";
import Link from "next/link";
import { getTranslations } from "next-intl/server";
import { mayRole } from "#identity";
import { config } from "#platform/config";
import { Refusal } from "#platform/refusal";
import { readToolSettings } from "#tools";
import { NewTool } from "#ui/made-tool/new-tool";
import { NotAllowed } from "#ui/office/not-allowed";
import { requireStaffSession } from "#ui/office/session";
import { PageHeader } from "#ui/primitives/card";

type PageProps = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("officeMade");
  return { title: t("new") };
}

/** A tool without code, from an empty form or as a copy of another. */
export default async function NewToolPage({ searchParams }: PageProps) {
  const { user } = await requireStaffSession();
  if (!mayRole(user.role, "tools.change")) return <NotAllowed right="tools.change" role={user.role} />;
  const { from } = await searchParams;
  const copied = typeof from === "string" ? await definitionOf(from) : null;
  const t = await getTranslations("officeMade");
  const office = await getTranslations("officeTools");
  return (
    <>
      <PageHeader
        eyebrow={
          <Link href="/admin/tools" className="underline-offset-3 hover:text-text hover:underline">
            {office("back")}
          </Link>
        }
        title={copied ? t("copyOf", { name: copied.slug }) : t("new")}
        description={t("newText")}
      />
      <NewTool
        privateToo={config().HTTP_TOOLS_PRIVATE}
        {...(copied && { first: copied.definition, firstSlug: `${copied.slug}-2` })}
      />
    </>
  );
}

/** A made tool's newest definition; null for what is no such tool. */
async function definitionOf(slug: string) {
  try {
    const { made } = await readToolSettings(slug);
    const definition = made?.draft ?? made?.published;
    return definition ? { slug, definition } : null;
  } catch (error) {
    if (error instanceof Refusal) return null;
    throw error;
  }
}
