import { Check, Minus } from "lucide-react";
import Link from "next/link";
import { getTranslations } from "next-intl/server";
import { mayRole, rights } from "#identity";
import { officePages } from "#ui/office/pages";
import { openOfficePages, requireStaffSession } from "#ui/office/session";
import { toolNames } from "#ui/office/tool-names";
import { Card, CardBody, CardHeader, PageHeader } from "#ui/primitives/card";
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
      <div className="grid gap-4 xl:grid-cols-[minmax(0,1fr)_360px]">
        <ul className="grid content-start gap-4 sm:grid-cols-2">
          {pages.map(({ href, name, icon: Icon }) => (
            <li key={href}>
              <Link
                href={href}
                className="grid h-full content-start gap-1 rounded-card border border-line bg-surface px-4 py-4 transition-colors duration-120 hover:border-line-strong"
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
        <Card aria-labelledby="own-rights">
          <CardHeader id="own-rights" title={t("overview.rights")} />
          <CardBody>
            <ul className="grid gap-2 text-13">
              {rights.map((right) => {
                const may = mayRole(user.role, right);
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
          </CardBody>
        </Card>
      </div>
    </>
  );
}

type Page = (typeof officePages)[number];

function isElsewhere(page: Page): page is Exclude<Page, { name: "overview" }> {
  return page.name !== "overview";
}
