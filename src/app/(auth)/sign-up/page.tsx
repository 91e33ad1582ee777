import type { Metadata } from "next";
import Link from "next/link";
import { redirect } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { passwordLength } from "#identity";
import { config } from "#platform/config";
import { ownPath, withNext } from "#ui/identity/auth-client";
import { AuthFooter, AuthHeading } from "#ui/identity/headings";
import { pageSession } from "#ui/shell/session";
import { SignUpForm } from "./sign-up-form";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("auth.signUp");
  return { title: t("title") };
}

type PageProps = { searchParams: Promise<{ next?: string | string[] }> };

export default async function SignUpPage({ searchParams }: PageProps) {
  const { next } = await searchParams;
  const asked = typeof next === "string" ? next : null;
  if (await pageSession()) redirect(ownPath(asked));
  const t = await getTranslations("auth.signUp");
  return (
    <>
      <AuthHeading title={t("title")} text={t("text", { credits: config().WELCOME_CREDITS })} />
      <SignUpForm leastPassword={passwordLength.min} next={asked && ownPath(asked)} />
      <AuthFooter>
        {t("hasAccount")} <Link href={withNext("/sign-in", asked)}>{t("signInLink")}</Link>
      </AuthFooter>
    </>
  );
}
