"use client";

import { useQuery } from "@tanstack/react-query";
import { ArrowRight, ChevronsLeft, Download, ReceiptText } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import type { EntrySumsJson, HoldJson } from "#api/contract";
import { apiUrl } from "#ui/api";
import { entriesQuery, entrySumsQuery, expiredHoldsQuery, holdsQuery } from "#ui/credits/queries";
import type { ToolName } from "#ui/credits/words";
import { DaysFilter, FilterBar, SelectFilter } from "#ui/data/filter-bar";
import { TableSkeleton } from "#ui/data/table";
import { Button } from "#ui/primitives/button";
import { Card } from "#ui/primitives/card";
import { QueryState } from "#ui/state/query-state";
import { Empty, NoMatch } from "#ui/state/states";
import { useFormat } from "#ui/use-format";
import { EntryRows, SampleRows } from "./entry-rows";
import { endedWithin, entryKinds, filterNames, isFiltered, showsHold, spanOf } from "./filter";
import { useFilter } from "./use-filter";

type EntriesProps = {
  tools: readonly ToolName[];
  verified: boolean;
  onTrace: (of: string) => void;
};

/** The journal: what is on hold, then every entry and hold that expired, newest first, with the filter's sum and CSV. */
export function Entries({ tools, verified, onTrace }: EntriesProps) {
  const t = useTranslations("credits");
  const format = useFormat();
  const { filter, query, cursor, clear, turn } = useFilter();
  const page = useQuery(entriesQuery(query, cursor));
  const sums = useQuery(entrySumsQuery(query));
  const holds = useQuery(holdsQuery());
  const expired = useQuery(expiredHoldsQuery());
  const filtered = isFiltered(filter);
  const older = page.data?.nextCursor ?? null;
  // Where the next page begins; so it is also there at once when it is turned to.
  const next = useQuery({ ...entriesQuery(query, older), enabled: older !== null });
  const shown = (hold: HoldJson) => showsHold(filter, hold, format.timeZone);
  const open = cursor ? [] : (holds.data?.data ?? []).filter(shown);
  const span = spanOf(page.data?.data ?? [], older === null ? null : (next.data?.data ?? []), {
    first: !cursor,
  });
  const ended = (expired.data?.data ?? []).filter((hold) => shown(hold) && endedWithin(hold, span));
  return (
    <div className="grid gap-4">
      <FilterBar
        names={filterNames}
        aside={
          <Button asChild variant="secondary">
            <a href={apiUrl("/entries.csv", query)} download data-testid="entries-csv">
              <Download aria-hidden="true" strokeWidth={1.75} />
              {filtered ? t("csvFiltered") : t("csv")}
            </a>
          </Button>
        }
      >
        <SelectFilter
          name="kind"
          label={t("filter.kind")}
          options={entryKinds.map((kind) => ({ value: kind, label: t(`filter.${kind}`) }))}
        />
        <SelectFilter
          name="tool"
          label={t("filter.tool")}
          options={tools.map(({ slug, name }) => ({ value: slug, label: name }))}
        />
        <DaysFilter from={t("filter.from")} to={t("filter.to")} />
        {(filter.from || filter.to) && (
          <span className="text-12 text-text-3">{t("filter.zone", { zone: format.timeZone })}</span>
        )}
      </FilterBar>
      <Card aria-label={t("tabs.entries")} aria-busy={page.isPlaceholderData}>
        <QueryState query={page} failure={t("failure")} skeleton={<TableSkeleton columns={5} rows={8} />}>
          {({ data, nextCursor }) => {
            if (data.length === 0 && open.length === 0 && ended.length === 0) {
              return filtered || cursor ? (
                <NoMatch onClear={clear} hint={t("noMatch.text")} />
              ) : (
                <NoEntries verified={verified} />
              );
            }
            return (
              <>
                <EntryRows entries={data} holds={[...open, ...ended]} tools={tools} onTrace={onTrace} />
                <Foot
                  sums={sums.data}
                  filtered={filtered}
                  older={nextCursor && (() => turn(nextCursor))}
                  newest={cursor && (() => turn(null))}
                />
              </>
            );
          }}
        </QueryState>
      </Card>
    </div>
  );
}

type FootProps = {
  sums: EntrySumsJson | undefined;
  filtered: boolean;
  older: (() => void) | null | "";
  newest: (() => void) | null | "";
};

/** What all pages of the filter come to, and the way to the other pages. */
function Foot({ sums, filtered, older, newest }: FootProps) {
  const t = useTranslations("credits");
  const format = useFormat();
  return (
    <footer className="flex min-h-14 flex-wrap items-center justify-between gap-x-6 gap-y-2 border-t border-line px-4 py-2.5 sm:px-5">
      <p className="num text-13 text-text-2" aria-live="polite">
        {sums && (
          <>
            {filtered ? t("sum.filtered") : t("sum.all")}
            {": "}
            <strong className="font-semibold text-text" data-testid="entries-sum">
              {format.signed(sums.net)}
            </strong>
            <span className="text-text-3"> · {t("sum.entries", { count: sums.count })}</span>
          </>
        )}
      </p>
      {(older || newest) && (
        <nav aria-label={t("pager")} className="flex gap-2">
          {newest && (
            <Button variant="secondary" size="sm" onClick={newest}>
              <ChevronsLeft aria-hidden="true" strokeWidth={1.75} />
              {t("newer")}
            </Button>
          )}
          {older && (
            <Button variant="secondary" size="sm" onClick={older}>
              {t("older")}
              <ArrowRight aria-hidden="true" strokeWidth={1.75} />
            </Button>
          )}
        </nav>
      )}
    </footer>
  );
}

function NoEntries({ verified }: { verified: boolean }) {
  const t = useTranslations("credits.empty");
  return (
    <Empty
      icon={<ReceiptText strokeWidth={1.75} />}
      title={t("title")}
      text={verified ? t("text") : t("unverified")}
      action={
        <Button asChild>
          <Link href={verified ? "/tools" : "/verify"}>{verified ? t("action") : t("actionVerify")}</Link>
        </Button>
      }
      sample={<SampleRows />}
    />
  );
}
