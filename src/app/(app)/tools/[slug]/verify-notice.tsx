"use client";

import { useMutation } from "@tanstack/react-query";
import { MailCheck } from "lucide-react";
import { useTranslations } from "next-intl";
import { networkProblem, problemOf } from "#ui/api";
import { Button } from "#ui/primitives/button";
import { useProblemText } from "#ui/problem-text";

/** Whoever has not confirmed the mail address may fill the form, not run it; one press sends the link again. */
export function VerifyNotice({ email, production }: { email: string; production: boolean }) {
  const t = useTranslations("tools.verify");
  const problemText = useProblemText();
  const resend = useMutation({ mutationFn: () => sendLink(email) });
  return (
    <section
      aria-label={t("title")}
      data-testid="verify"
      className="grid gap-2 rounded-field bg-info-soft px-3.5 py-3"
    >
      <p className="flex items-center gap-2 text-14 font-semibold text-text">
        <MailCheck aria-hidden="true" className="size-4 text-info" strokeWidth={1.75} />
        {t("title")}
      </p>
      <p className="text-13 text-text-2">{t("text", { email })}</p>
      <div className="flex flex-wrap items-center gap-3">
        <Button variant="secondary" size="sm" busy={resend.isPending} onClick={() => resend.mutate()}>
          {t("resend")}
        </Button>
        {!production && (
          <a href="/dev/mailbox" className="text-13 text-text-2 underline underline-offset-3 hover:text-text">
            {t("mailbox")}
          </a>
        )}
      </div>
      <p role="status" className="text-13 text-text-2 empty:hidden">
        {resend.isSuccess && t("sent")}
        {resend.isError && problemText(resend.error)}
      </p>
    </section>
  );
}

async function sendLink(email: string): Promise<void> {
  const answer = await fetch("/api/auth/send-verification-email", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ email }),
  }).catch(() => {
    throw networkProblem();
  });
  if (answer.ok) return;
  throw problemOf(
    answer.status,
    await answer.json().catch(() => null),
    answer.headers.get("retry-after"),
    true,
  );
}
