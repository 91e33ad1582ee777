import { Plus } from "lucide-react";
import type { Metadata } from "next";
import { cookies } from "next/headers";
import Link from "next/link";
import { getLocale, getTimeZone, getTranslations } from "next-intl/server";
import { dayOf } from "#format";
import { findWithheldWelcome } from "#identity";
import { listTools } from "#tools";
import { Button } from "#ui/primitives/button";
import { PageHeader } from "#ui/primitives/card";
import { requirePageSession } from "#ui/shell/session";
import { BalanceWidget } from "./balance-widget";
import { BalanceNotice } from "./notice";
import { RecentWidget } from "./recent-widget";
import { RunningWidget } from "./running-widget";
import { FirstSteps } from "./steps";
import { stepsCookie } from "./steps-cookie";
import { UsageWidget } from "./usage-widget";
import { WelcomeNotice } from "./welcome-notice";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("dashboard");
  return { title: t("title") };
}

export default async function DashboardPage() {
  const { user } = await requirePageSession();
  const t = await getTranslations("dashboard");
  const withheld = await findWithheldWelcome(user.id);
  const locale = await getLocale();
  const today = dayOf(new Date(), await getTimeZone());
  const tools = (await listTools()).map(({ slug, icon, texts }) => ({
    slug,
    icon,
    name: texts[locale].name,
  }));
  const stepsHidden = (await cookies()).get(stepsCookie)?.value === "hidden";
  return (
    <>
      <PageHeader
        title={t("title")}
        actions={
          <Button asChild variant={stepsHidden ? "primary" : "secondary"}>
            <Link href="/tools">
              <Plus aria-hidden="true" strokeWidth={1.75} />
              {t("newRun")}
            </Link>
          </Button>
        }
      />
      <div className="grid gap-4 md:gap-5">
        {withheld && <WelcomeNotice state={withheld} />}
        {user.emailVerified && !withheld && <BalanceNotice />}
        {!stepsHidden && <FirstSteps verified={user.emailVerified} />}
        <div className="grid items-start gap-4 md:gap-5 lg:grid-cols-[minmax(0,5fr)_minmax(0,9fr)]">
          <div className="grid gap-4 md:gap-5">
            <BalanceWidget />
            <RunningWidget tools={tools} />
          </div>
          <div className="grid min-w-0 gap-4 md:gap-5">
            <UsageWidget tools={tools} today={today} />
            <RecentWidget tools={tools} />
          </div>
        </div>
      </div>
    </>
  );
}
