"use client";

import { Check, Copy, TriangleAlert } from "lucide-react";
import { useTranslations } from "next-intl";
import { useEffect, useRef, useState } from "react";
import { Button } from "#ui/primitives/button";
import { useCopy } from "#ui/primitives/copy-button";
import { Dialog } from "#ui/primitives/dialog";
import { toast } from "#ui/primitives/toast";
import { CodeBlock } from "#ui/public/code-block";
import type { NewSecret } from "./keys-query";
import { type ApiSite, threeLines } from "./quickstart";

type SecretStepProps = { made: NewSecret; site: ApiSite; onClose: () => void };

/** Shows a secret the one time it can be shown. Closing before it was copied warns first. */
export function SecretStep({ made: { key, secret }, site, onClose }: SecretStepProps) {
  const t = useTranslations("keys.secret");
  const keys = useTranslations("keys");
  const common = useTranslations("common");
  const { copied, copy } = useCopy();
  const [taken, setTaken] = useState(false);
  const [warned, setWarned] = useState(false);
  const again = useRef<HTMLButtonElement>(null);
  useLeaveGuard(!taken);
  useEffect(() => {
    if (warned) again.current?.focus();
  }, [warned]);
  const close = () => (taken ? onClose() : setWarned(true));
  const take = () =>
    copy(secret).then(
      () => {
        setTaken(true);
        setWarned(false);
      },
      () => toast.failure(common("copyFailed")),
    );
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && close()}
      title={t("title")}
      description={t("text")}
      className="max-w-xl"
      footer={
        warned ? (
          <>
            <Button variant="danger" onClick={onClose}>
              {t("closeAnyway")}
            </Button>
            <Button ref={again} onClick={take}>
              <Copy aria-hidden="true" strokeWidth={1.75} />
              {t("copy")}
            </Button>
          </>
        ) : (
          <Button variant={taken ? "primary" : "secondary"} onClick={close}>
            {t("done")}
          </Button>
        )
      }
    >
      <div className="grid gap-4">
        <div className="grid gap-2 rounded-field border border-line bg-sunken p-3">
          <span className="text-12 text-text-3">{key.name}</span>
          {/* Copied by hand is copied, too. */}
          <code
            data-testid="secret"
            onCopy={() => setTaken(true)}
            className="font-mono text-14 break-all text-text select-all"
          >
            {secret}
          </code>
          <Button
            data-autofocus
            className="justify-self-start"
            variant={taken ? "secondary" : "primary"}
            onClick={take}
          >
            {copied ? <Check aria-hidden="true" /> : <Copy aria-hidden="true" strokeWidth={1.75} />}
            {copied ? common("copied") : t("copy")}
          </Button>
        </div>
        <span role="status" className="sr-only">
          {copied ? common("copied") : ""}
        </span>
        <p role="alert" className="flex items-start gap-2 text-13 text-danger empty:hidden">
          {warned && (
            <>
              <TriangleAlert aria-hidden="true" className="mt-0.5 size-4 shrink-0" strokeWidth={1.75} />
              <span>{t("warning")}</span>
            </>
          )}
        </p>
        <div className="grid min-w-0 gap-1.5">
          <p className="text-13 text-text-2">{t("try")}</p>
          <CodeBlock code={threeLines(key.kind, site)} label={keys("copySample")} />
        </div>
      </div>
    </Dialog>
  );
}

/** Leaving the page would lose the secret as well. */
function useLeaveGuard(active: boolean): void {
  useEffect(() => {
    if (!active) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, [active]);
}
