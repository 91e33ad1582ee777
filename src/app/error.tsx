"use client";

import { useTranslations } from "next-intl";
import { Button } from "#ui/primitives/button";
import { CopyButton } from "#ui/primitives/copy-button";

type ErrorPageProps = { error: Error & { digest?: string }; retry: () => void };

/** The designed 500: what happened, that credits are safe, what to do, and the id under which it is logged. */
export default function ErrorPage({ error, retry }: ErrorPageProps) {
  const t = useTranslations("shell.fault");
  return (
    <main id="content" className="page grid justify-items-center gap-6 py-24 text-center md:py-32">
      <p aria-hidden="true" className="num font-display text-56 font-semibold text-text-3">
        500
      </p>
      <div className="grid gap-2">
        <h1 className="font-display text-30 font-semibold">{t("title")}</h1>
        <p className="max-w-prose text-16 text-text-2">{t("text")}</p>
      </div>
      <div className="flex flex-wrap justify-center gap-3">
        <Button onClick={retry}>{t("retry")}</Button>
        <Button asChild variant="secondary">
          <a href="/">{t("home")}</a>
        </Button>
      </div>
      {error.digest && (
        <p className="inline-flex items-center gap-1.5 text-13 text-text-3">
          {t("id")} <span className="font-mono">{error.digest}</span>
          <CopyButton text={error.digest} label={t("id")} />
        </p>
      )}
    </main>
  );
}
