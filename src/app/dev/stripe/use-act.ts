import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { toast } from "#ui/primitives/toast";
import { askConsole } from "./fetch-console";

/** Everything the page has asked of the sandbox is kept under it. */
export const consoleKey = ["dev-stripe"] as const;

/** Does something in the sandbox, then looks again. */
export function useAct() {
  const client = useQueryClient();
  const t = useTranslations("dev.stripe");
  return useMutation({
    mutationFn: ({ path, body = {} }: { path: string; body?: object }) =>
      askConsole<{ data?: unknown }>(path, body),
    onSettled: () => client.invalidateQueries({ queryKey: consoleKey }),
    onError: () => toast.failure(t("failed")),
  });
}
