"use client";

import Link from "next/link";
import { useRouter } from "next/navigation";
import { useLocale, useTranslations } from "next-intl";
import { z } from "zod";
import { askAuth, keepNext } from "#ui/identity/auth-client";
import { FormError } from "#ui/identity/form-error";
import { PasswordInput } from "#ui/identity/password-input";
import { useAuthFields, useAuthForm } from "#ui/identity/use-auth-form";
import { Button } from "#ui/primitives/button";
import { describedBy, Field } from "#ui/primitives/field";
import { Input } from "#ui/primitives/input";

/** `leastPassword`: how many characters a password has at least; `next`: the page to go on to once confirmed. */
export function SignUpForm({ leastPassword, next }: { leastPassword: number; next: string | null }) {
  const t = useTranslations("auth");
  const locale = useLocale();
  const router = useRouter();
  const { name, email, newPassword } = useAuthFields(leastPassword);
  const form = useAuthForm(
    z.object({ name, email, password: newPassword }),
    { name: "", email: "", password: "" },
    async (values) => {
      const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
      await askAuth("/sign-up/email", { ...values, locale, timeZone });
      keepNext(next);
      router.push("/verify");
    },
  );
  const rule = t("passwordRule", { least: leastPassword });
  return (
    <form onSubmit={form.submit} noValidate className="grid gap-4">
      <Field id="name" label={t("name")} error={form.problem("name")}>
        <Input
          {...form.register("name")}
          {...describedBy("name", { error: form.problem("name") })}
          autoComplete="name"
        />
      </Field>
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
      <Field
        id="password"
        label={t("password")}
        hint={form.problem("password") ? null : rule}
        error={form.problem("password")}
      >
        <PasswordInput
          {...form.register("password")}
          {...describedBy("password", {
            hint: form.problem("password") ? null : rule,
            error: form.problem("password"),
          })}
          autoComplete="new-password"
        />
      </Field>
      <FormError text={form.refused} />
      <Button type="submit" size="lg" busy={form.busy} className="w-full">
        {t("signUp.action")}
      </Button>
      <p className="text-13 text-text-3 [&_a]:underline [&_a]:underline-offset-2 [&_a]:hover:text-text">
        {t.rich("signUp.consent", {
          terms: (words) => <Link href="/terms">{words}</Link>,
          privacy: (words) => <Link href="/privacy">{words}</Link>,
        })}
      </p>
    </form>
  );
}
