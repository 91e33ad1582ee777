"use client";

import { MailCheck } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { z } from "zod";
import { askAuth } from "#ui/identity/auth-client";
import { FormError } from "#ui/identity/form-error";
import { AuthFooter, AuthHeading } from "#ui/identity/headings";
import { MailboxLink } from "#ui/identity/mailbox-link";
import { useAuthFields, useAuthForm } from "#ui/identity/use-auth-form";
import { Button } from "#ui/primitives/button";
import { describedBy, Field } from "#ui/primitives/field";
import { Input } from "#ui/primitives/input";

/** Asks for a link to set a new password. The answer is the same whether the address is known. */
export function ForgotForm({ mailbox }: { mailbox: boolean }) {
  const t = useTranslations("auth");
  const { email } = useAuthFields();
  const [sentTo, setSentTo] = useState<string>();
  const form = useAuthForm(z.object({ email }), { email: "" }, async (values) => {
    await askAuth("/request-password-reset", values);
    setSentTo(values.email);
  });
  const back = (
    <AuthFooter>
      <Link href="/sign-in">{t("backToSignIn")}</Link>
    </AuthFooter>
  );
  if (sentTo) {
    return (
      <div role="status">
        <AuthHeading
          icon={<MailCheck strokeWidth={1.75} />}
          title={t("forgot.sentTitle")}
          text={t.rich("forgot.sentText", {
            email: sentTo,
            strong: (words) => <strong className="font-medium wrap-anywhere text-text">{words}</strong>,
          })}
        />
        {mailbox && <MailboxLink to={sentTo} />}
        {back}
      </div>
    );
  }
  return (
    <>
      <AuthHeading title={t("forgot.title")} text={t("forgot.text")} />
      <form onSubmit={form.submit} noValidate className="grid gap-4">
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
        <FormError text={form.refused} />
        <Button type="submit" size="lg" busy={form.busy} className="w-full">
          {t("forgot.action")}
        </Button>
      </form>
      {back}
    </>
  );
}
