import type { Metadata } from "next";
import Link from "next/link";
import { redirect } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { ownPath, withNext } from "#ui/identity/auth-client";
import { AuthFooter, AuthHeading } from "#ui/identity/headings";
import { pageSession } from "#ui/shell/session";
import { SignIn } from "./sign-in";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("auth.signIn");
  return { title: t("title") };
}

type PageProps = { searchParams: Promise<{ next?: string | string[] }> };

export default async function SignInPage({ searchParams }: PageProps) {
  const { next } = await searchParams;
  const asked = typeof next === "string" ? next : null;
  const path = ownPath(asked);
  if (await pageSession()) redirect(path);
  const t = await getTranslations("auth.signIn");
  return (
    <>
      <AuthHeading title={t("title")} />
      <SignIn next={path} />
      <AuthFooter>
        {t("noAccount")} <Link href={withNext("/sign-up", asked)}>{t("signUpLink")}</Link>
      </AuthFooter>
    </>
  );
}
