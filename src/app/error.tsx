"use client";

import { useTranslations } from "next-intl";
import { Button } from "#ui/primitives/button";
import { CopyButton } from "#ui/primitives/copy-button";
import { StatusPage } from "#ui/state/status-page";

type ErrorPageProps = { error: Error & { digest?: string }; retry: () => void };

/** The designed 500: what happened, that credits are safe, what to do, and the id under which it is logged. */
export default function ErrorPage({ error, retry }: ErrorPageProps) {
  const t = useTranslations("shell.fault");
  return (
    <main id="content">
      <StatusPage
        status={500}
        title={t("title")}
        text={t("text")}
        actions={
          <>
            <Button onClick={retry}>{t("retry")}</Button>
            <Button asChild variant="secondary">
              <a href="/">{t("home")}</a>
            </Button>
          </>
        }
      >
        {error.digest && (
          <p className="inline-flex items-center gap-1.5 text-13 text-text-3">
            {t("id")} <span className="font-mono">{error.digest}</span>
            <CopyButton text={error.digest} label={t("id")} />
          </p>
        )}
      </StatusPage>
    </main>
  );
}
