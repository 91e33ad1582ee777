"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Monitor, Smartphone } from "lucide-react";
import { useTranslations } from "next-intl";
import type { SessionJson } from "#api/contract";
import { api } from "#ui/api";
import { Badge } from "#ui/primitives/badge";
import { Button } from "#ui/primitives/button";
import { toast } from "#ui/primitives/toast";
import { useProblemText } from "#ui/problem-text";
import { Failure, useMinute } from "#ui/state/states";
import { useFormat } from "#ui/use-format";

export const sessionsKey = ["sessions"] as const;

const phones = new Set(["iPhone", "Android"]);

/** Everywhere one is signed in; each other device can be signed out. */
export function Devices({ initial }: { initial: SessionJson[] }) {
  const t = useTranslations("account.devices");
  const problemText = useProblemText();
  const queries = useQueryClient();
  const { data, error, refetch } = useQuery({
    queryKey: sessionsKey,
    queryFn: async () => (await api.get<{ data: SessionJson[] }>("/me/sessions")).data,
    initialData: initial,
  });
  const nameOf = ({ browser, system }: SessionJson) =>
    browser && system ? t("name", { browser, system }) : (browser ?? system ?? t("unknown"));
  const signOut = useMutation({
    mutationFn: (device: SessionJson) => api.delete(`/me/sessions/${device.id}`),
    onSuccess: async (_, device) => {
      toast.done(t("done", { device: nameOf(device) }));
      await queries.invalidateQueries({ queryKey: sessionsKey });
    },
    onError: (failure) => toast.failure(problemText(failure)),
  });
  if (error) return <Failure error={error} onRetry={() => refetch()} />;
  return (
    <>
      <ul className="divide-y divide-line">
        {data.map((device) => (
          <li key={device.id} className="flex items-center gap-3 px-4 py-3 sm:px-5">
            {phones.has(device.system ?? "") ? (
              <Smartphone aria-hidden="true" className="size-5 shrink-0 text-text-3" strokeWidth={1.75} />
            ) : (
              <Monitor aria-hidden="true" className="size-5 shrink-0 text-text-3" strokeWidth={1.75} />
            )}
            <div className="min-w-0 grow">
              <p className="flex flex-wrap items-center gap-2 text-14 text-text">
                {nameOf(device)}
                {device.current && <Badge>{t("this")}</Badge>}
              </p>
              <DeviceFacts device={device} />
            </div>
            {!device.current && (
              <Button
                variant="secondary"
                size="sm"
                aria-label={t("signOutLabel", { device: nameOf(device) })}
                busy={signOut.isPending && signOut.variables?.id === device.id}
                onClick={() => signOut.mutate(device)}
              >
                {t("signOut")}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {data.length === 1 && (
        <p className="border-t border-line px-4 py-3 text-13 text-text-3 sm:px-5">{t("only")}</p>
      )}
    </>
  );
}

function DeviceFacts({ device }: { device: SessionJson }) {
  const t = useTranslations("account.devices");
  const format = useFormat();
  const now = useMinute();
  const facts = [
    t("since", { time: format.dateTime(device.createdAt) }),
    !device.current &&
      t("lastSeen", {
        time: now ? format.relative(device.lastSeenAt, now) : format.dateTime(device.lastSeenAt),
      }),
    device.ipAddress,
  ].filter(Boolean);
  return <p className="text-13 text-text-3">{facts.join(" · ")}</p>;
}
