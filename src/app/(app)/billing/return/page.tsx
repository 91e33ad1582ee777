import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { requirePageSession } from "#ui/shell/session";
import { CheckoutReturn } from "./checkout-return";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("billing.return");
  return { title: t("title") };
}

type ReturnPageProps = { searchParams: Promise<{ session_id?: string | string[] }> };

/** Where Stripe sends the browser after paying. It signs nobody in and grants nothing: it looks. */
export default async function ReturnPage({ searchParams }: ReturnPageProps) {
  await requirePageSession();
  const { session_id: session } = await searchParams;
  if (typeof session !== "string" || !/^cs_[A-Za-z0-9_]{1,200}$/.test(session)) redirect("/billing");
  return <CheckoutReturn sessionId={session} />;
}
