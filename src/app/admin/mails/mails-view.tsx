"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Inbox } from "lucide-react";
import { useTranslations } from "next-intl";
import type { MailJson } from "#api/contract";
import { api } from "#ui/api";
import { FilterBar, SearchFilter, SelectFilter } from "#ui/data/filter-bar";
import { TableSkeleton } from "#ui/data/table";
import { KeyPages } from "#ui/office/key-pages";
import { Card } from "#ui/primitives/card";
import { QueryState } from "#ui/state/query-state";
import { Empty, NoMatch } from "#ui/state/states";
import { MailRows } from "./mail-rows";
import { MailSheet } from "./mail-sheet";
import { filterNames, mailsQuery, statuses, useMailsState } from "./queries";

/** Mails, newest first; what could not be sent can be sent again. */
export function MailsView({ mayResend }: { mayResend: boolean }) {
  const t = useTranslations("officeOperations.mails");
  const queries = useQueryClient();
  const { query, cursor, mail, filtered, clear, open, turn } = useMailsState();
  const page = useQuery(mailsQuery(query, cursor));
  const resend = async ({ id }: MailJson) => {
    try {
      await api.post(`/admin/mails/${id}/resend`);
    } finally {
      await queries.invalidateQueries({ queryKey: ["office", "mails"] });
    }
  };
  return (
    <div className="grid gap-4">
      <FilterBar names={filterNames}>
        <SelectFilter
          name="status"
          label={t("column.status")}
          options={statuses.map((value) => ({ value, label: t(`status.${value}`) }))}
        />
        <SearchFilter name="to" label={t("to")} className="sm:w-64" />
        <SearchFilter name="kind" label={t("kind")} className="sm:w-44" />
      </FilterBar>
      <Card aria-label={t("title")} aria-busy={page.isPlaceholderData}>
        <QueryState
          query={page}
          failure={t("failure")}
          skeleton={<TableSkeleton columns={6} rows={8} dense />}
        >
          {({ data, nextCursor }) => (
            <>
              {data.length > 0 && (
                <MailRows mails={data} mayResend={mayResend} onResend={resend} onOpen={open} />
              )}
              {data.length === 0 && (filtered || cursor) && <NoMatch onClear={clear} />}
              {data.length === 0 && !filtered && !cursor && (
                <Empty icon={<Inbox strokeWidth={1.75} />} title={t("empty")} text={t("emptyText")} />
              )}
              <KeyPages label={t("pages")} older={nextCursor} turned={cursor !== null} turn={turn} />
            </>
          )}
        </QueryState>
      </Card>
      <MailSheet id={mail} onClose={() => open(null)} />
    </div>
  );
}
