import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { config } from "#platform/config";
import { mailIsSent } from "#platform/mail";
import { ForgotForm } from "./forgot-form";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("auth.forgot");
  return { title: t("title") };
}

export default function ForgotPage() {
  return <ForgotForm mailbox={!config().production && !mailIsSent()} />;
}
