import { useFormatter, useTranslations } from "next-intl";
import { inOrder, type KeyKind, type Scope } from "./presets";

/** What a key may do, in one sentence. */
export function useScopeSentence(): (kind: KeyKind, scopes: readonly Scope[]) => string {
  const t = useTranslations("keys");
  const { list } = useFormatter();
  return (kind, scopes) => {
    const acts = inOrder(kind, scopes).map((scope) => t(`scope.${scope}`));
    return acts.length === 0 ? t("canNothing") : t(`can.${kind}`, { acts: list(acts) });
  };
}
