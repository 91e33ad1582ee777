"use client";

import { MailCheck } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useEffect } from "react";
import { AuthFooter, AuthHeading } from "#ui/identity/headings";
import { ResendForm } from "./resend-form";

type CheckMailProps = { email: string | null; signedIn: boolean; mailbox: boolean };

/** After signing up: where the link went, and what to do when it does not come. */
export function CheckMail({ email, signedIn, mailbox }: CheckMailProps) {
  const t = useTranslations("auth.verify");
  useRefreshOnReturn();
  return (
    <>
      <AuthHeading
        icon={<MailCheck strokeWidth={1.75} />}
        title={t(email ? "title" : "sendNew")}
        text={
          email
            ? t.rich("text", {
                email,
                strong: (words) => <strong className="font-medium wrap-anywhere text-text">{words}</strong>,
              })
            : t("enterText")
        }
      />
      <ResendForm email={email} mailbox={mailbox} />
      <AuthFooter>
        {signedIn ? (
          <Link href="/dashboard">{t("later")}</Link>
        ) : (
          <>
            <Link href="/sign-in">{t("signIn")}</Link>
            {" · "}
            <Link href="/sign-up">{t("otherAddress")}</Link>
          </>
        )}
      </AuthFooter>
    </>
  );
}

/** Whoever comes back from another tab may have confirmed there. */
function useRefreshOnReturn(): void {
  const router = useRouter();
  useEffect(() => {
    const onVisible = () => document.visibilityState === "visible" && router.refresh();
    document.addEventListener("visibilitychange", onVisible);
    return () => document.removeEventListener("visibilitychange", onVisible);
  }, [router]);
}
