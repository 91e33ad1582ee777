import Link from "next/link";
import { useTranslations } from "next-intl";

const tabs = ["timeline", "credits", "runs", "payments", "keys", "notes"] as const;
type TabName = (typeof tabs)[number];

export function isTab(name: unknown): name is TabName {
  return tabs.some((tab) => tab === name);
}

/** The tabs as links: each has its address. */
export function TabLinks({ id, shown }: { id: string; shown: TabName }) {
  const t = useTranslations("office.customer");
  const notes = useTranslations("officeCustomers.notes");
  return (
    <nav aria-label={t("tabs")} className="flex gap-5 overflow-x-auto border-b border-line *:shrink-0">
      {tabs.map((tab) => (
        <Link
          key={tab}
          href={`/admin/customers/${id}${tab === "timeline" ? "" : `?tab=${tab}`}`}
          scroll={false}
          aria-current={tab === shown ? "page" : undefined}
          className="-mb-px flex h-10 items-center border-b-2 border-transparent text-14 text-text-2 transition-colors duration-120 -outline-offset-2 hover:text-text aria-[current=page]:border-primary aria-[current=page]:font-medium aria-[current=page]:text-text"
        >
          {tab === "notes" ? notes("tab") : t(`tab.${tab}`)}
        </Link>
      ))}
    </nav>
  );
}
