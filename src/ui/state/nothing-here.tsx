import type { Metadata } from "next";
import Link from "next/link";
import { getTranslations } from "next-intl/server";
import { Button } from "#ui/primitives/button";
import { StatusPage } from "./status-page";

export async function nothingHereMetadata(): Promise<Metadata> {
  const t = await getTranslations("shell.notFound");
  return { title: t("title"), robots: { index: false } };
}

/** The designed 404, inside whatever shell its page has. */
export async function NothingHere() {
  const t = await getTranslations("shell.notFound");
  return (
    <StatusPage
      status={404}
      title={t("title")}
      text={t("text")}
      actions={
        <>
          <Button asChild>
            <Link href="/">{t("home")}</Link>
          </Button>
          <Button asChild variant="secondary">
            <Link href="/tools">{t("tools")}</Link>
          </Button>
        </>
      }
    />
  );
}
