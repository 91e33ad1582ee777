import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { mayRole } from "#identity";
import { config } from "#platform/config";
import { NotAllowed } from "#ui/office/not-allowed";
import { requireStaffSession } from "#ui/office/session";
import { ProvidersView } from "./providers-view";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("officeModels");
  return { title: t("title") };
}

/** Whom the tools that use a model ask, in which order, and what it costs. */
export default async function ModelsPage() {
  const { user } = await requireStaffSession();
  if (!mayRole(user.role, "models.read")) return <NotAllowed right="models.read" role={user.role} />;
  const { AI_BASE_URL, AI_MODEL } = config();
  const ofEnvironment = AI_BASE_URL && AI_MODEL ? { host: new URL(AI_BASE_URL).host, model: AI_MODEL } : null;
  return <ProvidersView mayChange={mayRole(user.role, "models.change")} ofEnvironment={ofEnvironment} />;
}
