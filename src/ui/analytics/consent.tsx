"use client";

import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "#ui/primitives/button";

/** Keeps the answer in the browser, by our server. @returns false when it could not be kept */
async function choose(granted: boolean): Promise<boolean> {
  const answer = await fetch("/api/visits/choice", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ granted }),
  }).catch(() => null);
  return answer?.ok ?? false;
}

type Services = { services: string };

/**
 * Asks whether what one does may be told to the services that the operator has connected. Until it is answered
 * nothing is told; no and yes are equally easy.
 */
export function ConsentBanner({ services }: Services) {
  const t = useTranslations("consent");
  const [open, setOpen] = useState(true);
  if (!open) return null;
  const answer = async (granted: boolean) => setOpen(!(await choose(granted)));
  return (
    <section
      aria-label={t("title")}
      data-testid="consent"
      className="fixed inset-x-3 bottom-3 z-40 mx-auto grid max-w-2xl gap-3 rounded-card border border-line bg-surface p-4 shadow-lg max-lg:bottom-20 sm:grid-cols-[1fr_auto] sm:items-center"
    >
      <p className="text-13 text-text-2">
        <strong className="font-semibold text-text">{t("title")}</strong> {t("text", { services })}{" "}
        <a href="/privacy#analytics" className="underline underline-offset-2">
          {t("more")}
        </a>
      </p>
      <div className="flex gap-2">
        <Button size="sm" variant="secondary" onClick={() => answer(false)}>
          {t("no")}
        </Button>
        <Button size="sm" variant="secondary" onClick={() => answer(true)}>
          {t("yes")}
        </Button>
      </div>
    </section>
  );
}

/** The same choice on the privacy page, where it can be changed at any time. */
export function ConsentChoice({ choice, services }: Services & { choice: string }) {
  const t = useTranslations("consent");
  const router = useRouter();
  const change = async (granted: boolean) => {
    if (await choose(granted)) router.refresh();
  };
  if (choice === "opted_out") return <p className="text-14 text-text-2">{t("optedOut")}</p>;
  const granted = choice === "granted";
  return (
    <div className="flex flex-wrap items-center gap-3 text-14">
      <span>{t(granted ? "isGranted" : "isDeclined", { services })}</span>
      <Button size="sm" variant="secondary" onClick={() => change(!granted)}>
        {t(granted ? "withdraw" : "grant")}
      </Button>
    </div>
  );
}
