import { useTranslations } from "next-intl";
import { useFormat } from "#ui/use-format";

const most = 1_000_000_000_000;

/** Checks a cap as it is typed: empty for none, else whole credits from `least` on. */
export function useCapRules() {
  const t = useTranslations("keys.form");
  const format = useFormat();
  return (least: number) => ({
    setValueAs: (text: string) => text.replace(/[\s,]/g, ""),
    validate: (cap: string) => {
      if (cap === "") return true;
      const credits = Number(cap);
      if (!/^\d+$/.test(cap) || credits < 1 || credits > most) return t("capWrong");
      return credits >= least || t("capLow", { least: format.integer(least) });
    },
  });
}
