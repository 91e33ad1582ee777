import type { Metadata } from "next";
import { headers } from "next/headers";
import { getTranslations } from "next-intl/server";
import { readSignUp } from "#identity";
import { config } from "#platform/config";
import { mailIsSent } from "#platform/mail";
import { pageSession } from "#ui/shell/session";
import { CheckMail } from "./check-mail";
import { Confirmed, VerifyLink } from "./verify-link";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("auth.verify");
  return { title: t("title"), referrer: "no-referrer" };
}

type PageProps = { searchParams: Promise<{ token?: string | string[] }> };

/** Where the link of the mail leads; without one, where to look for it. */
export default async function VerifyPage({ searchParams }: PageProps) {
  const { token } = await searchParams;
  const session = await pageSession();
  const mailbox = !config().production && !mailIsSent();
  const credits = config().WELCOME_CREDITS;
  if (typeof token === "string") return <VerifyLink token={token} credits={credits} mailbox={mailbox} />;
  if (session?.user.emailVerified) return <Confirmed signedIn credits={credits} />;
  const email = session?.user.email ?? readSignUp(await headers());
  return <CheckMail email={email} signedIn={session !== null} mailbox={mailbox} />;
}
