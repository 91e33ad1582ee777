import { useTranslations } from "next-intl";
import { TabLinks } from "#ui/primitives/tab-links";

const tabs = ["timeline", "credits", "runs", "payments", "keys", "notes"] as const;
type TabName = (typeof tabs)[number];

export function isTab(name: unknown): name is TabName {
  return tabs.some((tab) => tab === name);
}

/** The tabs as links: each has its address. */
export function CustomerTabs({ id, shown }: { id: string; shown: TabName }) {
  const t = useTranslations("office.customer");
  const notes = useTranslations("officeCustomers.notes");
  return (
    <TabLinks
      label={t("tabs")}
      scroll={false}
      links={tabs.map((tab) => ({
        href: `/admin/customers/${id}${tab === "timeline" ? "" : `?tab=${tab}`}`,
        name: tab === "notes" ? notes("tab") : t(`tab.${tab}`),
        current: tab === shown,
      }))}
    />
  );
}
