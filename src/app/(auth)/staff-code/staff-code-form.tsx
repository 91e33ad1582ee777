"use client";

import { MailCheck } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { useEffect, useRef, useState } from "react";
import { z } from "zod";
import { Problem } from "#ui/api";
import { askAuth, ownPath } from "#ui/identity/auth-client";
import { FormError } from "#ui/identity/form-error";
import { AuthHeading } from "#ui/identity/headings";
import { MailboxLink } from "#ui/identity/mailbox-link";
import { useAuthForm } from "#ui/identity/use-auth-form";
import { Button } from "#ui/primitives/button";
import { describedBy, Field } from "#ui/primitives/field";
import { Input } from "#ui/primitives/input";
import { useProblemText } from "#ui/problem-text";

const pauseSeconds = 30;

type StaffCodeFormProps = { email: string; next: string; days: number; mailbox: boolean };

/** Has a code mailed as it opens, unless one is on its way, and opens the back office with it. */
export function StaffCodeForm({ email, next, days, mailbox }: StaffCodeFormProps) {
  const t = useTranslations("auth.staffCode");
  const code = z
    .string()
    .transform((text) => text.replace(/\s/g, ""))
    .pipe(z.string().regex(/^\d{6}$/, t("wrongForm")));
  const [refused, setRefused] = useState<string>();
  const form = useAuthForm(z.object({ code }), { code: "" }, async (values) => {
    setRefused(undefined);
    try {
      await askAuth("/confirm-staff", values);
      // Everything that was read as a customer is read anew.
      window.location.assign(ownPath(next));
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      if (error.code === "staff_code_wrong") setRefused(t("wrong", { left: error.number("left") ?? 0 }));
      else if (error.code === "staff_code_over") setRefused(t("over"));
      else throw error;
    }
  });
  return (
    <>
      <AuthHeading
        icon={<MailCheck strokeWidth={1.75} />}
        title={t("title")}
        text={t.rich("text", {
          email,
          days,
          strong: (words) => <strong className="font-medium break-all text-text">{words}</strong>,
        })}
      />
      <form onSubmit={form.submit} noValidate className="grid gap-4">
        <Field id="code" label={t("code")} error={form.problem("code")}>
          <Input
            {...form.register("code")}
            {...describedBy("code", { error: form.problem("code") })}
            inputMode="numeric"
            autoComplete="one-time-code"
            maxLength={20}
            autoFocus
            className="num text-center text-20 tracking-[0.3em]"
          />
        </Field>
        <FormError text={refused ?? form.refused} />
        <Button type="submit" size="lg" busy={form.busy} className="w-full">
          {t("action")}
        </Button>
      </form>
      <div className="grid gap-3 pt-3">
        {mailbox && <MailboxLink to={email} />}
        <SendCode />
        <Button asChild variant="quiet" className="w-full">
          <Link href="/dashboard">{t("site")}</Link>
        </Button>
      </div>
    </>
  );
}

function SendCode() {
  const t = useTranslations("auth.staffCode");
  const problemText = useProblemText();
  const [wait, setWait] = useState(pauseSeconds);
  const [sent, setSent] = useState(false);
  const [refused, setRefused] = useState<string>();
  const asked = useRef(false);
  const send = async (again: boolean) => {
    try {
      await askAuth("/staff-code", { again });
      setRefused(undefined);
      setSent(again);
      setWait(pauseSeconds);
    } catch (error) {
      setRefused(problemText(error));
    }
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, as the page opens
  useEffect(() => {
    if (asked.current) return;
    asked.current = true;
    void send(false);
  }, []);
  useEffect(() => {
    if (wait === 0) return;
    const timer = setTimeout(() => setWait(wait - 1), 1000);
    return () => clearTimeout(timer);
  }, [wait]);
  return (
    <div className="grid gap-3">
      <FormError text={refused} />
      <Button
        variant="quiet"
        size="lg"
        disabled={wait > 0}
        className="w-full"
        onClick={() => void send(true)}
      >
        {wait > 0 ? t("again", { seconds: wait }) : t("resend")}
      </Button>
      <p role="status" className="text-center text-13 text-text-2 empty:hidden">
        {sent && t("resent")}
      </p>
    </div>
  );
}
