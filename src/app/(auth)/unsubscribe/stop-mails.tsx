"use client";

import { useMutation } from "@tanstack/react-query";
import { CircleCheck } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { api } from "#ui/api";
import { AuthFooter } from "#ui/identity/headings";
import { Button } from "#ui/primitives/button";
import { Failure } from "#ui/state/states";

/** The button that ends the mails, for whoever has the link, signed in or not. */
export function StopMails({ token }: { token: string }) {
  const t = useTranslations("auth.unsubscribe");
  const stop = useMutation({
    mutationFn: () => api.post<{ kind: string }>("/unsubscribe", undefined, { query: { token } }),
  });
  if (stop.isError) return <Failure error={stop.error} onRetry={() => stop.mutate()} />;
  if (stop.isSuccess) {
    return (
      <div role="status" className="grid gap-4">
        <p className="flex items-center gap-2 text-16 font-semibold text-text">
          <CircleCheck aria-hidden="true" className="size-5 shrink-0" strokeWidth={1.75} />
          {t("done")}
        </p>
        <p className="text-14 text-text-2">{t("doneText")}</p>
        <AuthFooter>
          <Link href="/account">{t("account")}</Link>
        </AuthFooter>
      </div>
    );
  }
  return (
    <Button size="lg" className="w-full" busy={stop.isPending} onClick={() => stop.mutate()}>
      {t("action")}
    </Button>
  );
}
