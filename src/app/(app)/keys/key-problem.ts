import { useTranslations } from "next-intl";
import { Problem } from "#ui/api";
import { useProblemText } from "#ui/problem-text";

/** A sentence for what the API refused about a key. */
export function useKeyProblem(): (error: unknown) => string {
  const t = useTranslations("keys.form");
  const text = useProblemText();
  return (error) => {
    if (!(error instanceof Problem)) return text(error);
    if (error.code === "key_revoked") return t("revoked");
    const [field] = error.errors;
    if (field?.path === "cap") return t("capRefused");
    if (field?.path === "") return t("tooMany");
    return text(error);
  };
}
