"use client";

import Link from "next/link";
import { useTranslations } from "next-intl";
import { z } from "zod";
import { Button } from "#ui/primitives/button";
import { describedBy, Field } from "#ui/primitives/field";
import { Input } from "#ui/primitives/input";
import { askAuth } from "./auth-client";
import { FormError } from "./form-error";
import { PasswordInput } from "./password-input";
import { useAuthFields, useAuthForm } from "./use-auth-form";

type SignInFormProps = {
  onSignedIn: () => void;
  /** The address that is known already. */
  email?: string;
};

/** Mail address and password; on the page and in the session gate. */
export function SignInForm({ onSignedIn, email = "" }: SignInFormProps) {
  const t = useTranslations("auth");
  const fields = useAuthFields();
  const form = useAuthForm(
    z.object({ email: fields.email, password: fields.password }),
    { email, password: "" },
    async (values) => {
      await askAuth("/sign-in/email", values);
      onSignedIn();
    },
  );
  return (
    <form onSubmit={form.submit} noValidate className="grid gap-4">
      <Field id="sign-in-email" label={t("email")} error={form.problem("email")}>
        <Input
          {...form.register("email")}
          {...describedBy("sign-in-email", { error: form.problem("email") })}
          type="email"
          inputMode="email"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
        />
      </Field>
      <Field
        id="sign-in-password"
        label={t("password")}
        error={form.problem("password")}
        aside={
          <Link href="/forgot" className="underline underline-offset-2 hover:text-text">
            {t("forgotLink")}
          </Link>
        }
      >
        <PasswordInput
          {...form.register("password")}
          {...describedBy("sign-in-password", { error: form.problem("password") })}
          autoComplete="current-password"
        />
      </Field>
      <FormError text={form.refused} />
      <Button type="submit" size="lg" busy={form.busy} className="w-full">
        {t("signIn.action")}
      </Button>
    </form>
  );
}
