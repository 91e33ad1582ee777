"use client";

import { useTranslations } from "next-intl";
import { TabLinks } from "#ui/primitives/tab-links";
import { Batches } from "./batches";
import { Promotions } from "./promotions";
import { kinds, useCodesState } from "./queries";

/** Redeem codes, or promotion codes: each list has its address. */
export function CodesView({ mayPromote, mayEndless }: { mayPromote: boolean; mayEndless: boolean }) {
  const t = useTranslations("officeCodes");
  const { kind, cursor, turn } = useCodesState();
  const shown = mayPromote ? kinds : (["redeem"] as const);
  return (
    <div className="grid gap-4">
      <TabLinks
        label={t("tabs")}
        scroll={false}
        links={shown.map((one) => ({
          href: one === "redeem" ? "/admin/codes" : "/admin/codes?kind=promotion",
          name: t(`tab.${one}`),
          current: one === kind,
        }))}
      />
      {kind === "promotion" && mayPromote ? (
        <Promotions cursor={cursor} turn={turn} mayEndless={mayEndless} />
      ) : (
        <Batches cursor={cursor} turn={turn} />
      )}
    </div>
  );
}
