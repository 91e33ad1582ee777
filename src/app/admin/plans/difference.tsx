import { useLocale, useTranslations } from "next-intl";
import type { CatalogueOfficeJson } from "#api/contract";
import { ChangeText } from "#ui/office/act-words";
import { useChangeWords } from "#ui/office/catalogue-words";

type Effect = CatalogueOfficeJson["effects"][number];

/** What a publication changes, field by field, and for whom. */
export function Difference({ changes, effects }: Pick<CatalogueOfficeJson, "changes" | "effects">) {
  const t = useTranslations("officePlans");
  const words = useChangeWords();
  return (
    <div className="grid gap-4">
      <section className="grid gap-1.5">
        <h3 className="text-13 font-semibold">{t("changes")}</h3>
        <ul className="num grid max-h-48 gap-1 overflow-y-auto text-13" data-testid="changes">
          {changes.map((change) => (
            <li key={change.path}>
              <ChangeText change={words(change)} />
            </li>
          ))}
        </ul>
      </section>
      <section className="grid gap-1.5">
        <h3 className="text-13 font-semibold">{t("affected")}</h3>
        <ul className="num grid gap-1 text-13 text-text-2" data-testid="effects">
          {effects.map((effect) => (
            <EffectLine key={`${effect.kind} ${effect.id}`} effect={effect} />
          ))}
        </ul>
      </section>
    </div>
  );
}

function EffectLine({ effect }: { effect: Effect }) {
  const t = useTranslations("officePlans.effect");
  const pack = useTranslations("officePlans");
  const names = useTranslations("pricing.plan");
  const locale = useLocale();
  const planId = (["free", "pro", "premium", "enterprise"] as const).find((id) => id === effect.id);
  const name = effect.kind === "plan" && planId ? names(planId) : pack("packNamed", { id: effect.id });
  const { subscribers, trials, scheduled, checkouts, topUps, topUpsStopped, freeCustomers } = effect;
  const said = [
    effect.kind === "plan" && planId !== "free" && t("subscribers", { count: subscribers }),
    trials > 0 && t("trials", { count: trials }),
    scheduled > 0 && t("scheduled", { count: scheduled }),
    checkouts > 0 && t("checkouts", { count: checkouts }),
    planId === "free" && t("free", { count: freeCustomers }),
    effect.kind === "pack" && !effect.archived && t("topUps", { count: topUps }),
    effect.kind === "pack" &&
      !effect.archived &&
      topUpsStopped > 0 &&
      t("topUpsStopped", { count: topUpsStopped }),
    effect.kind === "pack" && effect.archived && t("topUpsPaused", { count: topUps }),
    planId !== "free" && t(effect.archived ? "archived" : "next"),
  ].filter((line) => line !== false);
  return (
    <li>
      <span className="font-medium text-text">{name}</span> {said.join(locale === "zh" ? "" : " ")}
    </li>
  );
}
