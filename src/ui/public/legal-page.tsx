import { getTranslations } from "next-intl/server";
import type { ReactNode } from "react";
import { config } from "#platform/config";
import { serverFormat } from "#ui/server-format";

/** When the texts last changed. */
const changedAt = "2026-11-26T00:00:00Z";

/** The operator's facts that the legal texts name. */
export function legalFacts() {
  const { OPERATOR_NAME, OPERATOR_MAIL, SITE_NAME, RETENTION_DAYS, EVENT_RETENTION_DAYS } = config();
  return {
    ...{ operator: OPERATOR_NAME, mail: OPERATOR_MAIL, site: SITE_NAME },
    ...{ days: RETENTION_DAYS, eventDays: EVENT_RETENTION_DAYS },
  };
}

type LegalPageProps = {
  title: string;
  lead: string;
  sections: readonly { id: string; title: string; text: string; more?: ReactNode }[];
};

/** A legal page: contents at its side, short sections, and who answers for it. */
export async function LegalPage({ title, lead, sections }: LegalPageProps) {
  const t = await getTranslations("legal");
  const format = await serverFormat();
  const { OPERATOR_NAME, OPERATOR_MAIL, OPERATOR_COUNTRY } = config();
  const contact = t("contactText", {
    operator: OPERATOR_NAME,
    place: OPERATOR_COUNTRY ? `, ${OPERATOR_COUNTRY}` : "",
    mail: OPERATOR_MAIL,
  });
  return (
    <div className="page grid gap-10 py-12 md:py-16 lg:grid-cols-[220px_1fr] lg:gap-16">
      <aside className="hidden lg:block">
        <nav aria-label={t("contents")} className="sticky top-24 grid gap-1 text-13">
          <p className="pb-1 font-semibold">{t("contents")}</p>
          {[...sections, { id: "contact", title: t("contact") }].map((section) => (
            <a
              key={section.id}
              href={`#${section.id}`}
              className="py-1 text-text-2 underline-offset-3 hover:text-text hover:underline"
            >
              {section.title}
            </a>
          ))}
        </nav>
      </aside>
      <article className="grid max-w-prose gap-8">
        <header className="grid gap-3">
          <h1 className="font-display text-40 font-semibold">{title}</h1>
          <p className="text-18 text-text-2">{lead}</p>
          <p className="text-13 text-text-3">{t("updated", { date: format.date(changedAt) })}</p>
        </header>
        {sections.map((section) => (
          <Section key={section.id} id={section.id} title={section.title}>
            {section.text}
            {section.more && <span className="mt-3 block">{section.more}</span>}
          </Section>
        ))}
        <Section id="contact" title={t("contact")}>
          {contact}
        </Section>
      </article>
    </div>
  );
}

function Section({ id, title, children }: { id: string; title: string; children: ReactNode }) {
  return (
    <section id={id} aria-labelledby={`${id}-title`} className="grid gap-2">
      <h2 id={`${id}-title`} className="text-18 font-semibold">
        {title}
      </h2>
      <div className="text-16 text-text-2">{children}</div>
    </section>
  );
}
