"use client";

import { useInfiniteQuery } from "@tanstack/react-query";
import { Pin } from "lucide-react";
import { useTranslations } from "next-intl";
import { Time } from "#ui/data/cells";
import { notesQuery } from "./notes-query";

/** What was pinned stands above every tab. */
export function PinnedNotes({ customerId }: { customerId: string }) {
  const t = useTranslations("officeCustomers.notes");
  const { data } = useInfiniteQuery(notesQuery(customerId));
  const pinned = data?.pages[0]?.data.filter((note) => note.pinned) ?? [];
  if (pinned.length === 0) return null;
  return (
    <ul aria-label={t("pinned")} className="grid gap-2">
      {pinned.map(({ id, text, authorName, createdAt }) => (
        <li
          key={id}
          className="flex items-start gap-2.5 rounded-card border border-line bg-hold-soft px-4 py-2.5 text-13"
        >
          <Pin aria-hidden="true" className="mt-0.5 size-4 shrink-0 text-hold" strokeWidth={1.75} />
          <p className="min-w-0 grow break-words whitespace-pre-line text-text">{text}</p>
          <span className="shrink-0 text-text-2 max-sm:hidden">
            {authorName ?? t("gone")} · <Time at={createdAt} show="date" />
          </span>
        </li>
      ))}
    </ul>
  );
}
