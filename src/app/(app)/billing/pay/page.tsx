import type { Metadata } from "next";
import { notFound, redirect } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { type PayForm, readPayForm } from "#billing";
import type { Session } from "#identity";
import { Refusal } from "#platform/refusal";
import { requirePageSession } from "#ui/shell/session";
import { PayView } from "./pay-view";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("billing.pay");
  return { title: t("title") };
}

type PayPageProps = { searchParams: Promise<{ session_id?: string | string[] }> };

/** A checkout paid here, in Stripe's own form. Card data goes from its frame to Stripe and never to us. */
export default async function PayPage({ searchParams }: PayPageProps) {
  const { accountId } = await requirePageSession();
  const { session_id: session } = await searchParams;
  if (typeof session !== "string" || !/^cs_[A-Za-z0-9_]{1,200}$/.test(session)) redirect("/billing");
  const form = await findForm(accountId, session);
  if (!form) redirect(`/billing/return?session_id=${session}`);
  const { price, ...rest } = form;
  const { kind, planId, packId, interval, amountCents, currency } = price;
  const credits = Number(price.credits);
  const trialCredits = rest.trialDays === null ? null : Number(price.trialCredits ?? 0);
  return (
    <PayView
      form={{ ...rest, kind, planId, packId, interval, credits, trialCredits, amountCents, currency }}
      sessionId={session}
    />
  );
}

async function findForm(accountId: Session["accountId"], session: string): Promise<PayForm | null> {
  try {
    return await readPayForm(accountId, session);
  } catch (error) {
    if (error instanceof Refusal && error.code === "not_found") notFound();
    throw error;
  }
}
