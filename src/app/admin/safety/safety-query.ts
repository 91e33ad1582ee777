import { queryOptions } from "@tanstack/react-query";
import type { SafetyJson } from "#api/contract";
import { api } from "#ui/api";

export const safetyQuery = queryOptions({
  queryKey: ["office", "safety"],
  queryFn: ({ signal }) => api.get<SafetyJson>("/admin/safety", { signal }),
});
