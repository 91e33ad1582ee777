import { useTranslations } from "next-intl";
import { readWhole } from "#format";
import { useFormat } from "#ui/use-format";

const most = 1_000_000_000_000;

/** Checks a cap as it is typed: empty for none, else whole credits from `least` on. */
export function useCapRules() {
  const t = useTranslations("keys.form");
  const format = useFormat();
  return (least: number) => ({
    validate: (cap: string) => {
      const credits = readWhole(cap);
      if (credits === null) return cap.trim() === "" || t("capWrong");
      if (credits < 1 || credits > most) return t("capWrong");
      return credits >= least || t("capLow", { least: format.integer(least) });
    },
  });
}
