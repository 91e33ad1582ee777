"use client";

import { CircleCheck, Unlink } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { z } from "zod";
import { Problem } from "#ui/api";
import { askAuth } from "#ui/identity/auth-client";
import { FormError } from "#ui/identity/form-error";
import { AuthHeading } from "#ui/identity/headings";
import { PasswordInput } from "#ui/identity/password-input";
import { useAuthFields, useAuthForm } from "#ui/identity/use-auth-form";
import { Button } from "#ui/primitives/button";
import { describedBy, Field } from "#ui/primitives/field";

type ResetFormProps = { token: string; leastPassword: number };

/** Sets a new password by the link of a mail, which works once. */
export function ResetForm({ token, leastPassword }: ResetFormProps) {
  const t = useTranslations("auth");
  const { newPassword } = useAuthFields(leastPassword);
  const [state, setState] = useState<"open" | "done" | "invalid">(token ? "open" : "invalid");
  const form = useAuthForm(z.object({ newPassword }), { newPassword: "" }, async (values) => {
    try {
      await askAuth("/reset-password", { token, ...values });
      setState("done");
    } catch (error) {
      if (!(error instanceof Problem && error.code === "link_invalid")) throw error;
      setState("invalid");
    }
  });
  if (state !== "open") return <Outcome done={state === "done"} />;
  const rule = t("passwordRule", { least: leastPassword });
  return (
    <>
      <AuthHeading title={t("reset.title")} text={t("reset.text")} />
      <form onSubmit={form.submit} noValidate className="grid gap-4">
        <Field
          id="password"
          label={t("newPassword")}
          hint={form.problem("newPassword") ? null : rule}
          error={form.problem("newPassword")}
        >
          <PasswordInput
            {...form.register("newPassword")}
            {...describedBy("password", {
              hint: form.problem("newPassword") ? null : rule,
              error: form.problem("newPassword"),
            })}
            autoComplete="new-password"
          />
        </Field>
        <FormError text={form.refused} />
        <Button type="submit" size="lg" busy={form.busy} className="w-full">
          {t("reset.action")}
        </Button>
      </form>
    </>
  );
}

function Outcome({ done }: { done: boolean }) {
  const t = useTranslations("auth.reset");
  return (
    <div role="status">
      <AuthHeading
        icon={done ? <CircleCheck strokeWidth={1.75} /> : <Unlink strokeWidth={1.75} />}
        title={t(done ? "doneTitle" : "invalidTitle")}
        text={t(done ? "doneText" : "invalidText")}
      />
      <Button asChild size="lg" className="w-full">
        <Link href={done ? "/sign-in" : "/forgot"}>{t(done ? "doneAction" : "invalidAction")}</Link>
      </Button>
    </div>
  );
}
