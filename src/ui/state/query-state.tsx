"use client";

import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Failure, Stale } from "./states";

type QueryStateProps<T> = {
  query: UseQueryResult<T>;
  /** The shape of what will stand here. */
  skeleton: ReactNode;
  /** What could not be loaded, in words. */
  failure: string;
  children: (data: T) => ReactNode;
};

/**
 * A part of a page that loads and fails by itself: its skeleton, its content, or what went wrong with a
 * Retry. Content that could not be refreshed stays and says since when it stands.
 */
export function QueryState<T>({ query, skeleton, failure, children }: QueryStateProps<T>) {
  const retry = () => void query.refetch();
  if (query.data === undefined) {
    return query.isError ? <Failure error={query.error} title={failure} onRetry={retry} /> : skeleton;
  }
  return (
    <>
      {query.isError && (
        <div className="px-4 py-2 sm:px-5">
          <Stale at={new Date(query.dataUpdatedAt)} onRetry={retry} />
        </div>
      )}
      {children(query.data)}
    </>
  );
}
