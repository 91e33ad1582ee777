"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Bell, X } from "lucide-react";
import { useLocale, useTranslations } from "next-intl";
import { useState } from "react";
import type { NewsJson } from "#api/contract";
import { AnnouncementText } from "#ui/announcements/announcement-text";
import { api } from "#ui/api";
import { Time } from "#ui/data/cells";
import { Dialog } from "#ui/primitives/dialog";
import { IconButton } from "#ui/primitives/icon-button";
import { Skeleton } from "#ui/primitives/skeleton";
import { queryKeys } from "#ui/query-keys";
import { QueryState } from "#ui/state/query-state";
import { Empty } from "#ui/state/states";

type News = { data: NewsJson[]; unread: number };
/** What the server rendered: a banner that came later would push the page down. */
type NewsProps = { initial: readonly NewsJson[] };

/** How often a page that stays open looks for news, in ms. */
const lookMs = 120_000;

function useNews(initial: readonly NewsJson[]) {
  return useQuery({
    queryKey: queryKeys.announcements,
    queryFn: ({ signal }) => api.get<News>("/me/announcements", { signal, quiet: true }),
    initialData: { data: [...initial], unread: initial.filter(({ read }) => !read).length },
    refetchInterval: lookMs,
    staleTime: 30_000,
  });
}

/** The title and text of a piece of news in the reader's language. */
function useReading(): (words: { en: string; zh: string }) => string {
  const locale = useLocale();
  return ({ en, zh }) => (locale.startsWith("zh") ? zh : en);
}

/** The bell in the header: how many announcements are unread, and the list of them. */
export function NewsBell({ initial }: NewsProps) {
  const t = useTranslations("shell.news");
  const queries = useQueryClient();
  const reading = useReading();
  const [open, setOpen] = useState(false);
  const news = useNews(initial);
  const { unread } = news.data;
  const read = useMutation({
    mutationFn: (ids: string[]) => api.post("/me/announcements/read", { ids }, { quiet: true }),
    onSettled: () => queries.invalidateQueries({ queryKey: queryKeys.announcements }),
  });
  const toggle = (opens: boolean) => {
    setOpen(opens);
    const ids = news.data.data.filter((one) => !one.read).map(({ id }) => id);
    // Read when the list closes: until then what is new can be told apart.
    if (!opens && ids.length > 0) read.mutate(ids);
  };
  return (
    <>
      <span className="relative inline-flex">
        <IconButton
          label={unread > 0 ? `${t("label")}: ${t("unread", { count: unread })}` : t("label")}
          icon={<Bell strokeWidth={1.75} />}
          onClick={() => toggle(true)}
          data-testid="news-bell"
        />
        {unread > 0 && (
          <span
            aria-hidden="true"
            className="num pointer-events-none absolute top-0.5 right-0.5 grid h-4 min-w-4 place-items-center rounded-full bg-primary px-1 text-[10px] leading-none font-semibold text-on-primary"
          >
            {unread > 9 ? "9+" : unread}
          </span>
        )}
      </span>
      <Dialog shape="sheet" open={open} onOpenChange={toggle} title={t("label")}>
        <QueryState query={news} failure={t("failure")} skeleton={<Skeleton className="h-40" />}>
          {({ data }) =>
            data.length === 0 ? (
              <Empty icon={<Bell strokeWidth={1.75} />} title={t("empty")} text={t("emptyText")} />
            ) : (
              <ul className="-mx-1 grid gap-4" data-testid="news">
                {data.map((one) => (
                  <li key={one.id} className="grid gap-1 border-b border-line px-1 pb-4 last:border-0">
                    <p className="flex items-start gap-2 text-14 font-semibold text-text">
                      {!one.read && (
                        <span aria-hidden="true" className="mt-1.5 size-2 shrink-0 rounded-full bg-info" />
                      )}
                      <span className="break-words">{reading(one.title)}</span>
                    </p>
                    <Time at={one.at} className="justify-self-start text-12" />
                    <AnnouncementText text={reading(one.text)} className="text-14 text-text-2" />
                  </li>
                ))}
              </ul>
            )
          }
        </QueryState>
      </Dialog>
    </>
  );
}

/** The newest announcement that stands on top of every page, until its reader closes it. */
export function NewsBanner({ initial }: NewsProps) {
  const queries = useQueryClient();
  const reading = useReading();
  const { data } = useNews(initial);
  const close = useMutation({
    mutationFn: (id: string) => api.post(`/me/announcements/${id}/dismiss`),
    onMutate: (id) =>
      queries.setQueryData<News>(queryKeys.announcements, (before) => before && without(before, id)),
    onSettled: () => queries.invalidateQueries({ queryKey: queryKeys.announcements }),
  });
  const shown = data.data.find(({ banner }) => banner);
  if (!shown) return null;
  return (
    <BannerFrame
      title={reading(shown.title)}
      text={reading(shown.text)}
      onClose={() => close.mutate(shown.id)}
    />
  );
}

function without(news: News, id: string): News {
  return { ...news, data: news.data.map((one) => (one.id === id ? { ...one, banner: false } : one)) };
}

type BannerFrameProps = { title: string; text: string; onClose?: () => void };

/** How a banner looks; without a way to close it where it is only shown. */
export function BannerFrame({ title, text, onClose }: BannerFrameProps) {
  const t = useTranslations("shell.news");
  return (
    <section
      aria-label={title}
      className="border-b border-line bg-info-soft text-13 text-text"
      data-testid="news-banner"
    >
      <div className="mx-auto flex items-start gap-3 px-4 py-2 md:px-6">
        <div className="grid min-w-0 flex-1 gap-0.5 py-1">
          <p className="font-semibold break-words">{title}</p>
          <AnnouncementText text={text} className="max-w-prose text-text-2" />
        </div>
        {onClose && (
          <IconButton size="sm" label={t("close")} icon={<X strokeWidth={1.75} />} onClick={onClose} />
        )}
      </div>
    </section>
  );
}
