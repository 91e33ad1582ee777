"use client";

import { KeyRound } from "lucide-react";
import { useTranslations } from "next-intl";
import { Button } from "#ui/primitives/button";
import { CodeBlock } from "#ui/public/code-block";
import { Empty } from "#ui/state/states";
import type { KeyKind } from "./presets";

/** What a sample has to know of the site. */
export type ApiSite = {
  /** Where the API stands, without a slash at the end. */
  origin: string;
  /** How the site's keys begin. */
  keyPrefix: string;
};

type QuickstartProps = { kind: KeyKind; site: ApiSite; onCreate: () => void };

/** No key yet: why one wants one, and the three lines that try it. */
export function Quickstart({ kind, site, onCreate }: QuickstartProps) {
  const t = useTranslations("keys");
  return (
    <div className="pb-8">
      <Empty
        icon={<KeyRound strokeWidth={1.75} />}
        title={t(`empty.${kind}`)}
        text={t(`emptyText.${kind}`)}
        action={<Button onClick={onCreate}>{t("create")}</Button>}
        className="pt-10 pb-6"
      />
      <div className="mx-auto max-w-2xl px-4 text-left sm:px-6">
        <CodeBlock code={threeLines(kind, site)} label={t("copySample")} />
      </div>
    </div>
  );
}

/** Runs as it stands once the key is filled in. */
export function threeLines(kind: KeyKind, { origin, keyPrefix }: ApiSite): string {
  const account = kind === "service";
  return [
    `KEY=${keyPrefix}…${account ? " ACCOUNT=acct_…" : ""}`,
    `curl -H "Authorization: Bearer $KEY"${account ? ' -H "Toolmint-Account: $ACCOUNT"' : ""} \\`,
    `  ${origin}/api/v1/balance`,
  ].join("\n");
}
