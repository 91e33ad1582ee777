import type { Metadata } from "next";
import Link from "next/link";
import { redirect } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { passwordLength } from "#identity";
import { config } from "#platform/config";
import { AuthFooter, AuthHeading } from "#ui/identity/headings";
import { pageSession } from "#ui/shell/session";
import { SignUpForm } from "./sign-up-form";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("auth.signUp");
  return { title: t("title") };
}

export default async function SignUpPage() {
  if (await pageSession()) redirect("/dashboard");
  const t = await getTranslations("auth.signUp");
  return (
    <>
      <AuthHeading title={t("title")} text={t("text", { credits: config().WELCOME_CREDITS })} />
      <SignUpForm leastPassword={passwordLength.min} />
      <AuthFooter>
        {t("hasAccount")} <Link href="/sign-in">{t("signInLink")}</Link>
      </AuthFooter>
    </>
  );
}
