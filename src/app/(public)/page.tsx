import { ArrowRight, Check } from "lucide-react";
import type { Metadata } from "next";
import Link from "next/link";
import { getTranslations } from "next-intl/server";
import { sells } from "#billing";
import { config } from "#platform/config";
import { fileLimits, listOffered } from "#tools";
import { Button } from "#ui/primitives/button";
import { Faq } from "#ui/public/faq";
import { serverFormat } from "#ui/server-format";
import { pageMetadata } from "#ui/shell/metadata";
import { pageSession } from "#ui/shell/session";
import { ApiSection, CompareSection, LedgerSection } from "./sections";
import { ToolCards } from "./tool-cards";
import { TryIt } from "./try-it";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations();
  return pageMetadata({
    path: "/",
    title: t("landing.metaTitle"),
    description: t("shell.description"),
    whole: true,
  });
}

export default async function LandingPage() {
  const t = await getTranslations("landing");
  const format = await serverFormat();
  const { WELCOME_CREDITS } = config();
  const credits = format.credits(WELCOME_CREDITS);
  const offered = await listOffered();
  return (
    <>
      <Hero credits={credits} />
      <ToolCards />
      {offered.some(({ slug }) => slug === "upscale") && <CompareSection />}
      <LedgerSection />
      <ApiSection />
      <Faq selling={sells()} />
      <section className="page grid justify-items-center gap-5 pt-24 text-center max-md:pt-16">
        <h2 className="font-display text-30 font-semibold md:text-40">{t("closing.title", { credits })}</h2>
        <p className="text-16 text-text-2">{t("closing.text")}</p>
        <Start credits={credits} />
      </section>
    </>
  );
}

async function Hero({ credits }: { credits: string }) {
  const t = await getTranslations("landing");
  const format = await serverFormat();
  const { TRY_IT } = config();
  const offered = await listOffered();
  const tool = TRY_IT ? offered.find(({ tryable, files }) => tryable && files) : undefined;
  const limits = tool?.files && {
    ...fileLimits(tool.files, tool.tryable),
    accept: [...tool.files.accept],
    maxCount: 1,
  };
  return (
    <section className="relative overflow-hidden border-b border-line">
      <div className="page grid items-center gap-10 py-12 md:py-16 lg:grid-cols-[1.05fr_1fr] lg:gap-16 lg:py-20">
        <div className="grid justify-items-start gap-6">
          <p className="text-13 font-medium text-text-2">{t("eyebrow", { count: offered.length })}</p>
          <h1 className="max-w-[11em] font-display text-40 font-semibold text-text sm:text-56">
            {t.rich("title", {
              button: (word) => (
                <>
                  <span className="sr-only">{word}</span>
                  <span
                    aria-hidden="true"
                    className="num mx-[0.08em] inline-flex -translate-y-[0.08em] items-center rounded-[0.3em] bg-mint px-[0.55em] py-[0.28em] align-middle font-sans text-[0.52em] leading-none font-medium tracking-normal whitespace-nowrap text-on-mint"
                  >
                    {t("pill", { credits: format.credits(4) })}
                  </span>
                </>
              ),
            })}
          </h1>
          <p className="max-w-[34em] text-16 text-text-2 sm:text-18">{t("text")}</p>
          <div className="flex flex-wrap gap-3">
            <Start credits={credits} />
            <Button asChild size="lg" variant="secondary">
              <Link href="/tools">{t("allTools")}</Link>
            </Button>
          </div>
          <ul className="flex flex-wrap gap-x-5 gap-y-2 text-13 text-text-2">
            {(["failures", "expiry", "limit"] as const).map((fact) => (
              <li key={fact} className="inline-flex items-center gap-1.5">
                <Check aria-hidden="true" className="size-4 text-text-3" strokeWidth={2} />
                {t(`facts.${fact}`)}
              </li>
            ))}
          </ul>
        </div>
        {tool && limits && <TryIt slug={tool.slug} field={limits.field} limits={limits} />}
      </div>
    </section>
  );
}

async function Start({ credits }: { credits: string }) {
  const t = await getTranslations("landing");
  const shell = await getTranslations("shell");
  const session = await pageSession();
  return (
    <Button asChild size="lg">
      <Link href={session ? "/dashboard" : "/sign-up"}>
        {session ? shell("openApp") : t("signUp", { credits })}
        <ArrowRight strokeWidth={1.75} />
      </Link>
    </Button>
  );
}
