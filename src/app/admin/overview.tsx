"use client";

import { useQuery } from "@tanstack/react-query";
import type { NeedJson, TodayJson } from "#api/contract";
import type { Right } from "#identity";
import { api } from "#ui/api";
import type { ToolNames } from "#ui/office/tool-names";
import { NeedsCard } from "./needs-card";
import { TodayFigures } from "./today-figures";

const eachMinute = 60_000;

/** What needs the reader, and today's figures: asked for anew each minute, each part for itself. */
export function Overview({ may, tools }: { may: readonly Right[]; tools: ToolNames }) {
  const needs = useQuery({
    queryKey: ["office", "overview", "needs"],
    queryFn: ({ signal }) => api.get<{ data: NeedJson[] }>("/admin/overview/needs", { signal }),
    refetchInterval: eachMinute,
  });
  const today = useQuery({
    queryKey: ["office", "overview", "today"],
    queryFn: ({ signal }) => api.get<TodayJson>("/admin/overview/today", { signal }),
    refetchInterval: eachMinute,
  });
  return (
    <div className="grid gap-6">
      <NeedsCard query={needs} tools={tools} />
      <TodayFigures query={today} may={may} />
    </div>
  );
}
