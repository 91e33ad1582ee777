"use client";

import { useQuery } from "@tanstack/react-query";
import { ArrowLeft } from "lucide-react";
import { useTranslations } from "next-intl";
import { type ReactNode, useState } from "react";
import { cn } from "#cn";
import type { MailDetail } from "#sandbox/mailbox";
import { CopyButton } from "#ui/primitives/copy-button";
import { IconButton } from "#ui/primitives/icon-button";
import { Segmented } from "#ui/primitives/tabs";
import { Failure } from "#ui/state/states";
import { useFormat } from "#ui/use-format";
import { fetchMails } from "./fetch-mails";

type View = "html" | "plain" | "source";

/** One mail: as its reader sees it, wide or narrow, light or dark; its plain text, its source, its links. */
export function MailView({ id, onBack }: { id: string; onBack: () => void }) {
  const t = useTranslations("dev.mailbox");
  const [view, setView] = useState<View>("html");
  const [width, setWidth] = useState<"desktop" | "mobile">("desktop");
  const [theme, setTheme] = useState<"light" | "dark">("light");
  const { data: mail, error } = useQuery({
    queryKey: ["dev-mails", "one", id],
    queryFn: () => fetchMails<MailDetail>(`/${encodeURIComponent(id)}`),
  });
  if (error) return <Failure error={error} />;
  if (!mail) return null;
  const blanked = mail.html === "";
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <MailHead mail={mail} onBack={onBack} />
      <div className="flex flex-wrap items-center gap-2 border-b border-line px-4 py-2.5 md:px-6">
        <Segmented
          label={t("view")}
          value={view}
          onValueChange={setView}
          options={(["html", "plain", "source"] as const).map((value) => ({ value, label: t(value) }))}
        />
        {view === "html" && (
          <>
            <Segmented
              label={t("width")}
              value={width}
              onValueChange={setWidth}
              className="max-md:hidden"
              options={(["desktop", "mobile"] as const).map((value) => ({ value, label: t(value) }))}
            />
            <Segmented
              label={t("theme")}
              value={theme}
              onValueChange={setTheme}
              options={(["light", "dark"] as const).map((value) => ({ value, label: t(value) }))}
            />
          </>
        )}
      </div>
      <div className="flex min-h-0 flex-1 overflow-auto bg-sunken">
        {blanked && <p className="m-auto px-6 text-13 text-text-2">{t("blanked")}</p>}
        {!blanked && view === "html" && (
          <iframe
            title={t("frame")}
            src={`/api/dev/mails/${encodeURIComponent(id)}/html?theme=${theme}`}
            className={cn(
              "mx-auto h-full min-h-80 w-full bg-white",
              width === "mobile" && "max-w-[390px] border-x border-line",
            )}
          />
        )}
        {!blanked && view !== "html" && (
          <textarea
            readOnly
            aria-label={t(view)}
            spellCheck={false}
            value={view === "plain" ? mail.text : mail.html}
            className="w-full resize-none bg-transparent p-4 font-mono text-12 text-text focus-visible:-outline-offset-2 md:p-6"
          />
        )}
      </div>
      {mail.links.length > 0 && <Links links={mail.links} />}
    </div>
  );
}

function MailHead({ mail, onBack }: { mail: MailDetail; onBack: () => void }) {
  const t = useTranslations("dev.mailbox");
  const format = useFormat();
  const states = { waiting: t("waiting"), sent: t("done"), failed: t("failed") };
  return (
    <header className="grid gap-3 border-b border-line px-4 py-4 md:px-6">
      <div className="flex items-start gap-2">
        <span className="-ml-2 md:hidden">
          <IconButton label={t("back")} icon={<ArrowLeft strokeWidth={1.75} />} onClick={onBack} />
        </span>
        <h2 className="text-18 font-semibold text-text max-md:pt-1.5">{mail.subject}</h2>
      </div>
      <dl className="grid gap-x-6 gap-y-1 text-13 sm:grid-cols-2">
        <Fact name={t("from")}>{mail.from}</Fact>
        <Fact name={t("to")}>{mail.to}</Fact>
        <Fact name={t("sent")}>{format.exactTime(mail.createdAt)}</Fact>
        <Fact name={t("kind")}>
          {mail.kind} · {mail.locale}
        </Fact>
        <Fact name={t("status")}>
          {states[mail.status]}
          {mail.error && <span className="text-danger"> {mail.error}</span>}
        </Fact>
      </dl>
    </header>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="flex min-w-0 gap-2">
      <dt className="shrink-0 text-text-3">{name}</dt>
      <dd className="min-w-0 break-words text-text">{children}</dd>
    </div>
  );
}

function Links({ links }: { links: readonly string[] }) {
  const t = useTranslations("dev.mailbox");
  const common = useTranslations("common");
  return (
    <section
      aria-label={t("links")}
      className="max-h-40 overflow-y-auto border-t border-line px-4 py-2.5 md:px-6"
    >
      <h3 className="text-12 font-medium text-text-3">{t("links")}</h3>
      <ul>
        {links.map((link) => (
          <li key={link} className="flex items-center gap-1">
            <a
              href={link}
              className="min-w-0 truncate font-mono text-12 text-text underline decoration-line-strong underline-offset-3 hover:decoration-text"
            >
              {link}
            </a>
            <CopyButton text={link} label={common("copyThing", { thing: t("links") })} size="sm" />
          </li>
        ))}
      </ul>
    </section>
  );
}
