import { Check, ChevronRight, Minus } from "lucide-react";
import Link from "next/link";
import { getTranslations } from "next-intl/server";
import { mayRole, type Role, rights } from "#identity";
import { type OfficeGroup, officeGroups, officePages } from "#ui/office/pages";
import { openOfficePages, requireStaffSession } from "#ui/office/session";
import { toolNames } from "#ui/office/tool-names";
import { PageHeader } from "#ui/primitives/card";
import { Overview } from "./overview";

/** Where staff arrive: what needs them, today's figures, the pages that their role opens, what it lets them do. */
export default async function OverviewPage() {
  const { user } = await requireStaffSession();
  const t = await getTranslations("office");
  const words = await getTranslations("officeOverview");
  const open = await openOfficePages();
  const pages = officePages.filter(isElsewhere).filter(({ name }) => open.includes(name));
  return (
    <>
      <PageHeader
        title={t("overview.title")}
        description={t("overview.text", { role: t(`role.${user.role}`) })}
      />
      <Overview may={rights.filter((right) => mayRole(user.role, right))} tools={await toolNames()} />
      <h2 className="pt-8 pb-3 text-14 font-semibold text-text">{words("pages")}</h2>
      <div className="grid gap-6">
        {officeGroups.map((group) => (
          <PageGroup key={group} group={group} pages={pages.filter((page) => page.group === group)} />
        ))}
      </div>
      <Rights role={user.role} />
    </>
  );
}

async function PageGroup({ group, pages }: { group: OfficeGroup; pages: readonly Elsewhere[] }) {
  const t = await getTranslations("office");
  if (pages.length === 0) return null;
  return (
    <section className="grid gap-2">
      {group !== "start" && <h3 className="text-12 font-medium text-text-3">{t(`nav.group.${group}`)}</h3>}
      <ul className="grid gap-3 sm:grid-cols-2 xl:grid-cols-3">
        {pages.map(({ href, name, icon: Icon }) => (
          <li key={href}>
            <Link
              href={href}
              className="grid h-full content-start gap-1 rounded-card border border-line bg-surface px-4 py-3 transition-colors duration-120 hover:border-line-strong"
            >
              <span className="flex items-center gap-2 text-14 font-semibold text-text">
                <Icon aria-hidden="true" className="size-4 text-text-3" strokeWidth={1.75} />
                {t(`nav.${name}`)}
              </span>
              <span className="text-13 text-text-2">{t(`overview.page.${name}`)}</span>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** What one's role lets one do: long, and asked for seldom. */
async function Rights({ role }: { role: Role }) {
  const t = await getTranslations("office");
  const own = rights.filter((right) => mayRole(role, right));
  return (
    <details className="group mt-8 rounded-card border border-line bg-surface">
      <summary className="flex min-h-12 cursor-pointer items-center gap-2 px-4 text-14 font-semibold text-text sm:px-5">
        <ChevronRight
          aria-hidden="true"
          className="size-4 text-text-3 transition-transform duration-120 group-open:rotate-90"
          strokeWidth={1.75}
        />
        {t("overview.rights")}
        <span className="num font-normal text-text-3">
          {t("overview.rightsCount", { own: own.length, all: rights.length })}
        </span>
      </summary>
      <ul className="grid gap-x-6 gap-y-2 px-4 pb-4 text-13 sm:grid-cols-2 sm:px-5 xl:grid-cols-3">
        {rights.map((right) => {
          const may = own.includes(right);
          const Icon = may ? Check : Minus;
          return (
            <li key={right} className={may ? "flex gap-2 text-text" : "flex gap-2 text-text-3"}>
              <Icon aria-hidden="true" className="mt-0.5 size-4 shrink-0" strokeWidth={1.75} />
              <span>
                {t(`rights.${right}`)}
                {!may && <span className="sr-only"> ({t("overview.rightMissing")})</span>}
              </span>
            </li>
          );
        })}
      </ul>
    </details>
  );
}

type Page = (typeof officePages)[number];

type Elsewhere = Exclude<Page, { name: "overview" }>;

function isElsewhere(page: Page): page is Elsewhere {
  return page.name !== "overview";
}
