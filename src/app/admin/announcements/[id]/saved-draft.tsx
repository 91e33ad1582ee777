"use client";

import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import type { AnnouncementJson } from "#api/contract";
import { api } from "#ui/api";
import { Editor } from "#ui/office/announcement-editor";
import { Card } from "#ui/primitives/card";
import { Skeleton } from "#ui/primitives/skeleton";
import { QueryState } from "#ui/state/query-state";

/** A draft that was saved before; what has been sent is shown and cannot be changed. */
export function SavedDraft({ id }: { id: string }) {
  const t = useTranslations("officeAnnouncements");
  const query = useQuery({
    queryKey: ["office", "announcements", "one", id],
    queryFn: ({ signal }) => api.get<AnnouncementJson>(`/admin/announcements/${id}`, { signal }),
  });
  return (
    <QueryState
      query={query}
      failure={t("failure")}
      skeleton={
        <Card>
          <Skeleton className="h-96" />
        </Card>
      }
    >
      {(draft) => <Editor key={draft.id} draft={draft} />}
    </QueryState>
  );
}
