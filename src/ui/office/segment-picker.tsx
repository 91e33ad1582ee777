"use client";

import { FilterBar } from "#ui/data/filter-bar";
import { SavedViews } from "./saved-views";
import { filterNames, useCustomersState } from "./segment-filter";
import { SegmentFilters } from "./segment-filters";

/** Who a segment is: the saved views and filters of the customers' list, in the address of this page. */
export function SegmentPicker({ path }: { path: string }) {
  const { set } = useCustomersState();
  return (
    <div className="grid gap-3">
      <SavedViews path={path} filter={set} />
      <FilterBar names={filterNames}>
        <SegmentFilters />
      </FilterBar>
    </div>
  );
}

/** The filter that the address names, as a body of the API takes it. */
export function useSegment(): Record<string, string> {
  const { query } = useCustomersState();
  return Object.fromEntries(
    Object.entries(query).flatMap(([name, value]) => (value ? [[name, value] as const] : [])),
  );
}
