"use client";

import { zodResolver } from "@hookform/resolvers/zod";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { type DefaultValues, type FieldValues, type Path, useForm } from "react-hook-form";
import { z } from "zod";
import { Problem } from "#ui/api";
import { useProblemText } from "#ui/problem-text";

/** Checks of the fields that identity's forms share, with words in the reader's language. */
export function useAuthFields(least = 1) {
  const t = useTranslations("auth.wrong");
  return {
    name: z.string().trim().min(1, t("name")).max(100, t("nameLong")),
    email: z
      .string()
      .trim()
      .pipe(z.email(t("email"))),
    password: z.string().min(1, t("password")),
    newPassword: z.string().min(least, t("newPassword", { least })).max(128, t("passwordLong")),
  };
}

/**
 * A form that identity answers: what it refuses stands beside the field it names, else above the button.
 * `send` may throw a Problem.
 */
export function useAuthForm<T extends FieldValues>(
  schema: z.ZodType<T, T>,
  defaultValues: DefaultValues<T>,
  send: (values: T) => Promise<void>,
) {
  const t = useTranslations("auth.refused");
  const problemText = useProblemText();
  const [refused, setRefused] = useState<string>();
  const form = useForm<T>({ resolver: zodResolver(schema), defaultValues, reValidateMode: "onBlur" });
  const submit = form.handleSubmit(async (values) => {
    setRefused(undefined);
    try {
      await send(values);
    } catch (error) {
      const code = error instanceof Problem ? error.code : "";
      const field = error instanceof Problem ? error.errors.find(({ path }) => path in values) : undefined;
      if (field) form.setError(field.path as Path<T>, { message: t("field") }, { shouldFocus: true });
      else setRefused(isOurs(code) ? t(code) : problemText(error));
    }
  });
  const problem = (name: Path<T>): string | undefined => {
    const message = form.formState.errors[name]?.message;
    return typeof message === "string" ? message : undefined;
  };
  return { ...form, submit, refused, problem, busy: form.formState.isSubmitting };
}

const ours = ["wrong_credentials", "wrong_password", "link_invalid"] as const;

function isOurs(code: string): code is (typeof ours)[number] {
  return ours.some((known) => known === code);
}
