import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { passwordLength } from "#identity";
import { ResetForm } from "./reset-form";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("auth.reset");
  return { title: t("title"), referrer: "no-referrer" };
}

type PageProps = { searchParams: Promise<{ token?: string | string[] }> };

export default async function ResetPage({ searchParams }: PageProps) {
  const { token } = await searchParams;
  return <ResetForm token={typeof token === "string" ? token : ""} leastPassword={passwordLength.min} />;
}
