"use client";

import { zodResolver } from "@hookform/resolvers/zod";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useForm } from "react-hook-form";
import { z } from "zod";
import { api } from "#ui/api";
import { Badge } from "#ui/primitives/badge";
import { Button } from "#ui/primitives/button";
import { describedBy, Field } from "#ui/primitives/field";
import { Input } from "#ui/primitives/input";
import { toast } from "#ui/primitives/toast";
import { useProblemText } from "#ui/problem-text";
import { UnsavedGuard } from "#ui/unsaved-guard";

type ProfileFormProps = { name: string; email: string; verified: boolean };

/** Name, and the address one signs in with. */
export function ProfileForm({ name, email, verified }: ProfileFormProps) {
  const t = useTranslations("account.profile");
  const router = useRouter();
  const problemText = useProblemText();
  const form = useForm({
    resolver: zodResolver(z.object({ name: z.string().trim().min(1, t("wrong")).max(100, t("wrong")) })),
    defaultValues: { name },
  });
  const { errors, isDirty, isSubmitting } = form.formState;
  const submit = form.handleSubmit(async (values) => {
    try {
      await api.patch("/me", values);
      form.reset(values);
      toast.done(t("saved"));
      router.refresh();
    } catch (error) {
      form.setError("name", { message: problemText(error) });
    }
  });
  return (
    <form onSubmit={submit} noValidate className="grid gap-4 p-4 sm:p-5">
      <UnsavedGuard unsaved={isDirty && !isSubmitting} />
      <Field id="name" label={t("name")} error={errors.name?.message}>
        <Input
          {...form.register("name")}
          {...describedBy("name", { error: errors.name?.message })}
          autoComplete="name"
        />
      </Field>
      <div className="grid gap-1.5">
        <span className="text-13 font-medium text-text">{t("email")}</span>
        <span className="flex flex-wrap items-center gap-x-3 gap-y-1.5 text-14 text-text">
          <span className="break-all">{email}</span>
          <Badge tone={verified ? "neutral" : "hold"}>{t(verified ? "verified" : "unverified")}</Badge>
          {!verified && (
            <Link href="/verify" className="text-13 font-medium underline underline-offset-2">
              {t("confirm")}
            </Link>
          )}
        </span>
      </div>
      <div>
        <Button type="submit" busy={isSubmitting} disabled={!isDirty}>
          {t("save")}
        </Button>
      </div>
    </form>
  );
}
