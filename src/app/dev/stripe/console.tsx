"use client";

import { useQuery } from "@tanstack/react-query";
import type { ConsoleState } from "#sandbox/stripe";
import { Skeleton } from "#ui/primitives/skeleton";
import { Failure } from "#ui/state/states";
import { ClockCard } from "./clock-card";
import { Customers } from "./customers";
import { Events } from "./events";
import { askConsole } from "./fetch-console";
import { consoleKey } from "./use-act";

/** How often it looks for what is new, in ms. */
const pollMs = 2000;

/** The sandbox in one's hands: its clock, its customers and their cards, its events. */
export function Console() {
  const { data, error, refetch } = useQuery({
    queryKey: consoleKey,
    queryFn: () => askConsole<ConsoleState>(""),
    refetchInterval: pollMs,
    retry: false,
  });
  if (error && !data) return <Failure error={error} onRetry={() => refetch()} />;
  if (!data) {
    return (
      <>
        <Skeleton className="h-36 w-full" />
        <Skeleton className="h-64 w-full" />
      </>
    );
  }
  return (
    <>
      <ClockCard state={data} />
      <Customers state={data} />
      <Events state={data} />
    </>
  );
}
