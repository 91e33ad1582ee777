import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { keyPrefix, mayRole } from "#identity";
import { config } from "#platform/config";
import { requirePageSession } from "#ui/shell/session";
import { KeysView } from "./keys-view";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("keys");
  return { title: t("title") };
}

/** One's own API keys; owners and admins also find the site's service keys. */
export default async function KeysPage() {
  const { user } = await requirePageSession();
  const site = { origin: config().baseUrl, keyPrefix: keyPrefix() };
  return <KeysView site={site} service={mayRole(user.role, "keys.service")} />;
}
