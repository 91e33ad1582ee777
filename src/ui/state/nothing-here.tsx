import type { Metadata } from "next";
import Link from "next/link";
import { getTranslations } from "next-intl/server";
import { Button } from "#ui/primitives/button";

export async function nothingHereMetadata(): Promise<Metadata> {
  const t = await getTranslations("shell.notFound");
  return { title: t("title"), robots: { index: false } };
}

/** The designed 404, inside whatever shell its page has. */
export async function NothingHere() {
  const t = await getTranslations("shell.notFound");
  return (
    <div className="page grid justify-items-center gap-6 py-24 text-center md:py-32">
      <p aria-hidden="true" className="num font-display text-56 font-semibold text-text-3">
        404
      </p>
      <div className="grid gap-2">
        <h1 className="font-display text-30 font-semibold">{t("title")}</h1>
        <p className="max-w-prose text-16 text-text-2">{t("text")}</p>
      </div>
      <div className="flex flex-wrap justify-center gap-3">
        <Button asChild>
          <Link href="/">{t("home")}</Link>
        </Button>
        <Button asChild variant="secondary">
          <Link href="/tools">{t("tools")}</Link>
        </Button>
      </div>
    </div>
  );
}
