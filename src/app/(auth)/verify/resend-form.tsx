"use client";

import { useTranslations } from "next-intl";
import { useEffect, useState } from "react";
import { z } from "zod";
import { askAuth } from "#ui/identity/auth-client";
import { FormError } from "#ui/identity/form-error";
import { MailboxLink } from "#ui/identity/mailbox-link";
import { useAuthFields, useAuthForm } from "#ui/identity/use-auth-form";
import { Button } from "#ui/primitives/button";
import { describedBy, Field } from "#ui/primitives/field";
import { Input } from "#ui/primitives/input";

const pauseSeconds = 30;

type ResendFormProps = {
  /** The address that is known already; without it the form asks. */
  email?: string | null;
  mailbox: boolean;
};

/** Asks for another link, at most every half minute. */
export function ResendForm({ email: known = null, mailbox }: ResendFormProps) {
  const t = useTranslations("auth");
  const { email } = useAuthFields();
  const [wait, setWait] = useState(0);
  const [sent, setSent] = useState(false);
  useEffect(() => {
    if (wait === 0) return;
    const timer = setTimeout(() => setWait(wait - 1), 1000);
    return () => clearTimeout(timer);
  }, [wait]);
  const form = useAuthForm(z.object({ email }), { email: known ?? "" }, async (values) => {
    await askAuth("/send-verification-email", values);
    setSent(true);
    setWait(pauseSeconds);
  });
  return (
    <form onSubmit={form.submit} noValidate className="grid gap-3">
      {known === null && (
        <Field id="email" label={t("email")} error={form.problem("email")}>
          <Input
            {...form.register("email")}
            {...describedBy("email", { error: form.problem("email") })}
            type="email"
            inputMode="email"
            autoComplete="username"
            autoCapitalize="none"
            spellCheck={false}
          />
        </Field>
      )}
      <FormError text={form.refused} />
      {mailbox && (known || sent) && <MailboxLink to={known ?? form.getValues("email")} />}
      <Button
        type="submit"
        variant={known === null ? "primary" : "quiet"}
        size="lg"
        busy={form.busy}
        disabled={wait > 0}
        className="w-full"
      >
        {wait > 0
          ? t("verify.again", { seconds: wait })
          : t(known === null ? "verify.sendNew" : "verify.resend")}
      </Button>
      <p role="status" className="text-center text-13 text-text-2 empty:hidden">
        {sent && t("verify.resent")}
      </p>
    </form>
  );
}
