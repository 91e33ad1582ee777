import { Plus } from "lucide-react";
import { getTranslations } from "next-intl/server";
import { config } from "#platform/config";

const questions = ["fail", "estimate", "expire", "files", "refund"] as const;

/**
 * The questions people ask before they trust a site with credits and files.
 * @param selling whether credits can be bought here.
 */
export async function Faq({ selling }: { selling: boolean }) {
  const t = await getTranslations("landing.faq");
  const { RETENTION_DAYS } = config();
  return (
    <section aria-labelledby="faq-title" className="page pt-24 max-md:pt-16">
      <div className="mx-auto grid max-w-3xl gap-6">
        <h2 id="faq-title" className="font-display text-30 font-semibold">
          {t("title")}
        </h2>
        <div className="divide-y divide-line border-y border-line">
          {questions.map((question) => (
            <details key={question} className="group">
              <summary className="flex min-h-14 list-none items-center justify-between gap-4 py-3 text-16 font-medium [&::-webkit-details-marker]:hidden">
                {t(`${question}Q`)}
                <Plus
                  aria-hidden="true"
                  className="size-4 shrink-0 text-text-3 transition-transform duration-200 ease-out group-open:rotate-45"
                  strokeWidth={1.75}
                />
              </summary>
              <p className="max-w-prose pb-5 text-14 text-text-2">
                {question === "refund" && !selling
                  ? t("refundUnsoldA")
                  : t(`${question}A`, { days: RETENTION_DAYS })}
              </p>
            </details>
          ))}
        </div>
      </div>
    </section>
  );
}
