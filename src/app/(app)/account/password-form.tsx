"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { z } from "zod";
import { askAuth } from "#ui/identity/auth-client";
import { FormError } from "#ui/identity/form-error";
import { PasswordInput } from "#ui/identity/password-input";
import { useAuthFields, useAuthForm } from "#ui/identity/use-auth-form";
import { Button } from "#ui/primitives/button";
import { describedBy, Field } from "#ui/primitives/field";
import { toast } from "#ui/primitives/toast";
import { sessionsKey } from "./devices";

/** `email` tells password managers whose password it is. */
export function PasswordForm({ email, leastPassword }: { email: string; leastPassword: number }) {
  const t = useTranslations("account.password");
  const rules = useTranslations("auth");
  const queries = useQueryClient();
  const { password, newPassword } = useAuthFields(leastPassword);
  const form = useAuthForm(
    z.object({ currentPassword: password, newPassword }),
    { currentPassword: "", newPassword: "" },
    async (values) => {
      await askAuth("/change-password", values);
      form.reset();
      toast.done(t("done"));
      await queries.invalidateQueries({ queryKey: sessionsKey });
    },
  );
  const rule = rules("passwordRule", { least: leastPassword });
  return (
    <form onSubmit={form.submit} noValidate className="grid gap-4 p-4 sm:p-5">
      <input type="text" autoComplete="username" defaultValue={email} hidden readOnly />
      <Field id="current-password" label={t("current")} error={form.problem("currentPassword")}>
        <PasswordInput
          {...form.register("currentPassword")}
          {...describedBy("current-password", { error: form.problem("currentPassword") })}
          autoComplete="current-password"
        />
      </Field>
      <Field
        id="new-password"
        label={t("new")}
        hint={form.problem("newPassword") ? null : rule}
        error={form.problem("newPassword")}
      >
        <PasswordInput
          {...form.register("newPassword")}
          {...describedBy("new-password", {
            hint: form.problem("newPassword") ? null : rule,
            error: form.problem("newPassword"),
          })}
          autoComplete="new-password"
        />
      </Field>
      <FormError text={form.refused} />
      <div>
        <Button type="submit" busy={form.busy}>
          {t("action")}
        </Button>
      </div>
    </form>
  );
}
