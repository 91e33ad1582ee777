import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import type { ReactNode } from "react";
import { LanguageLinks } from "#ui/preferences";
import { Notices } from "#ui/shell/notices";
import { ChartSamples } from "./chart-samples";
import { CreditSamples } from "./credit-samples";
import { DataSamples } from "./data-samples";
import { FileSamples } from "./file-samples";
import { PrimitiveSamples } from "./primitive-samples";
import { StateSamples } from "./state-samples";
import { TokenSamples } from "./token-samples";

export const metadata: Metadata = { title: "UI", robots: { index: false } };

const sections = [
  { name: "tokens", Samples: TokenSamples },
  { name: "primitives", Samples: PrimitiveSamples },
  { name: "credits", Samples: CreditSamples },
  { name: "files", Samples: FileSamples },
  { name: "data", Samples: DataSamples },
  { name: "charts", Samples: ChartSamples },
  { name: "states", Samples: StateSamples },
] as const;

/** Every component in every state, in both themes at once and in either language: for looking and for screenshots. */
export default async function UiPage() {
  const t = await getTranslations("devUi");
  return (
    <>
      <Notices />
      <main id="content" className="mx-auto grid max-w-[1600px] gap-14 px-4 py-8 md:px-8">
        <header className="flex flex-wrap items-end justify-between gap-4">
          <div className="grid gap-1">
            <h1 className="font-display text-30 font-semibold">{t("title")}</h1>
            <p className="text-14 text-text-2">{t("text")}</p>
          </div>
          <LanguageLinks />
        </header>
        <nav aria-label={t("title")} className="flex flex-wrap gap-4 text-14">
          {sections.map(({ name }) => (
            <a key={name} href={`#${name}`} className="underline underline-offset-3">
              {t(`sections.${name}`)}
            </a>
          ))}
        </nav>
        {sections.map(({ name, Samples }) => (
          <section key={name} id={name} aria-labelledby={`${name}-title`} className="grid gap-4">
            <h2 id={`${name}-title`} className="font-display text-24 font-semibold">
              {t(`sections.${name}`)}
            </h2>
            <div className="grid gap-4 xl:grid-cols-2">
              <Frame theme="light" label={t("light")}>
                <Samples frame={`${name}-light`} />
              </Frame>
              <Frame theme="dark" label={t("dark")}>
                <Samples frame={`${name}-dark`} />
              </Frame>
            </div>
          </section>
        ))}
      </main>
    </>
  );
}

function Frame({ theme, label, children }: { theme: "light" | "dark"; label: string; children: ReactNode }) {
  return (
    <section
      aria-label={label}
      className={`${theme} grid min-w-0 content-start gap-8 rounded-dialog border border-line bg-canvas p-4 text-text sm:p-6`}
    >
      {children}
    </section>
  );
}
