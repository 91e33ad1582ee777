"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Inbox } from "lucide-react";
import { useTranslations } from "next-intl";
import { parseAsString, useQueryStates } from "nuqs";
import { cn } from "#cn";
import type { MailSummary } from "#sandbox/mailbox";
import { Button } from "#ui/primitives/button";
import { Input } from "#ui/primitives/input";
import { Skeleton } from "#ui/primitives/skeleton";
import { Empty, Failure, NoMatch, useMinute } from "#ui/state/states";
import { useFormat } from "#ui/use-format";
import { fetchMails } from "./fetch-mails";
import { MailView } from "./mail-view";

/** How often it looks for new mail, in ms. */
const pollMs = 2000;

/** The list beside the mail; on phones one or the other. What is searched and open stands in the address. */
export function Mailbox() {
  const t = useTranslations("dev.mailbox");
  const [{ search, mail }, setState] = useQueryStates({
    search: parseAsString.withDefault(""),
    mail: parseAsString,
  });
  const { data, error, refetch } = useQuery({
    queryKey: ["dev-mails", search],
    queryFn: () => fetchMails<{ data: MailSummary[] }>(search ? `?search=${encodeURIComponent(search)}` : ""),
    refetchInterval: pollMs,
    placeholderData: keepPreviousData,
  });
  const mails = data?.data;
  // On a wide screen the newest is open until another one is chosen.
  const open = mail ?? mails?.[0]?.id ?? null;
  return (
    <>
      <section
        aria-label={t("list")}
        className={cn(
          "flex min-h-0 w-full flex-col border-line md:w-90 md:border-r",
          mail !== null && "max-md:hidden",
        )}
      >
        <div className="border-b border-line p-3">
          <Input
            type="search"
            aria-label={t("search")}
            placeholder={t("search")}
            value={search}
            onChange={({ target }) => setState({ search: target.value || null, mail: null })}
          />
        </div>
        <div className="min-h-0 flex-1 overflow-y-auto">
          {error && <Failure error={error} onRetry={() => refetch()} />}
          {!error && !mails && <ListSkeleton />}
          {mails?.length === 0 &&
            (search ? (
              <NoMatch onClear={() => setState({ search: null })} />
            ) : (
              <Empty
                icon={<Inbox strokeWidth={1.75} />}
                title={t("empty")}
                text={t("emptyText")}
                action={
                  <Button asChild variant="secondary" size="sm">
                    <a href="/sign-up">{t("emptyAction")}</a>
                  </Button>
                }
              />
            ))}
          <MailList mails={mails ?? []} open={open} onOpen={(id) => setState({ mail: id })} />
        </div>
      </section>
      <section className={cn("min-h-0 min-w-0 flex-1 flex-col md:flex", mail === null ? "hidden" : "flex")}>
        {open ? (
          <MailView key={open} id={open} onBack={() => setState({ mail: null })} />
        ) : (
          <p className="m-auto text-13 text-text-3">{t("choose")}</p>
        )}
      </section>
    </>
  );
}

type MailListProps = { mails: readonly MailSummary[]; open: string | null; onOpen: (id: string) => void };

function MailList({ mails, open, onOpen }: MailListProps) {
  const format = useFormat();
  const now = useMinute();
  return (
    <ul>
      {mails.map((mail) => (
        <li key={mail.id} className="border-b border-line">
          <button
            type="button"
            aria-current={mail.id === open || undefined}
            onClick={() => onOpen(mail.id)}
            className="grid w-full gap-0.5 px-4 py-3 text-left hover:bg-hover focus-visible:-outline-offset-2 aria-[current]:bg-hover"
          >
            <span className="flex items-baseline justify-between gap-3">
              <span className="truncate text-13 text-text-2">{mail.to}</span>
              <span className="num shrink-0 text-12 text-text-3">
                {now ? format.relative(mail.createdAt, now) : format.hour(mail.createdAt)}
              </span>
            </span>
            <span className="truncate text-14 font-medium text-text">{mail.subject}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}

function ListSkeleton() {
  return (
    <div className="grid gap-4 p-4">
      {[1, 2, 3].map((row) => (
        <div key={row} className="grid gap-2">
          <Skeleton className="h-3 w-2/3" />
          <Skeleton className="h-4 w-full" />
        </div>
      ))}
    </div>
  );
}
