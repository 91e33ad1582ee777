"use client";

import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useState } from "react";
import type { Coming, ConsoleState } from "#sandbox/stripe";
import { Button } from "#ui/primitives/button";
import { Card, CardBody, CardHeader } from "#ui/primitives/card";
import { Segmented } from "#ui/primitives/tabs";
import { useFormat } from "#ui/use-format";
import { askConsole } from "./fetch-console";
import { useAct } from "./use-act";

const dayS = 86_400;
const stepNames = ["hour", "day", "week", "month", "year"] as const;
type Step = (typeof stepNames)[number];
/** In seconds; with an hour and some, what is finalised after an hour is. */
const steps: Record<Step, number> = {
  hour: 3700,
  day: dayS,
  week: 7 * dayS,
  month: 31 * dayS,
  year: 366 * dayS,
};

/** What will happen when the clock is moved on, and then what did. */
export function ClockCard({ state }: { state: ConsoleState }) {
  const t = useTranslations("dev.stripe");
  const format = useFormat();
  const [step, setStep] = useState<Step>("month");
  const [done, setDone] = useState<Coming[] | null>(null);
  const act = useActAdvance(setDone);
  const to = state.now + steps[step];
  // A clock that runs would ask anew each second; to the minute is enough.
  const until = Math.ceil(to / 60) * 60;
  const coming = useQuery({
    queryKey: ["dev-stripe", "coming", until],
    queryFn: () => askConsole<{ data: Coming[] }>(`/coming?until=${until}`),
    placeholderData: (last) => last,
  });
  return (
    <Card aria-labelledby="clock">
      <CardHeader
        id="clock"
        title={t("clock")}
        hint={
          state.lead >= 2 * dayS
            ? t("ahead", {
                days: Math.floor(state.lead / dayS),
                time: format.dateTime(new Date(state.now * 1000)),
              })
            : format.dateTime(new Date(state.now * 1000))
        }
      />
      <CardBody className="grid gap-4">
        <div className="flex flex-wrap items-center gap-3">
          <Segmented
            label={t("step")}
            value={step}
            onValueChange={setStep}
            options={stepNames.map((value) => ({ value, label: t(`steps.${value}`) }))}
          />
          <Button busy={act.isPending} onClick={() => act.mutate(to)}>
            {t("advance")}
          </Button>
        </div>
        <div className="grid gap-4 md:grid-cols-2">
          <Happenings title={t("will")} empty={t("nothingComing")} happenings={coming.data?.data ?? []} />
          {done && <Happenings title={t("did")} empty={t("nothingHappened")} happenings={done} />}
        </div>
      </CardBody>
    </Card>
  );
}

function useActAdvance(onDone: (done: Coming[]) => void) {
  const act = useAct();
  return {
    isPending: act.isPending,
    mutate: (to: number) =>
      act.mutate(
        { path: "/advance", body: { to } },
        { onSuccess: ({ data }) => onDone(Array.isArray(data) ? data : []) },
      ),
  };
}

const most = 12;

function Happenings({
  title,
  empty,
  happenings,
}: {
  title: string;
  empty: string;
  happenings: readonly Coming[];
}) {
  const t = useTranslations("dev.stripe");
  const format = useFormat();
  const named = useHappeningName();
  return (
    <section>
      <h3 className="pb-1 text-13 font-medium text-text-2">{title}</h3>
      {happenings.length === 0 && <p className="text-13 text-text-3">{empty}</p>}
      <ul>
        {happenings.slice(0, most).map(({ at, what, subject }) => (
          <li
            key={`${what}:${subject}:${at}`}
            className="flex flex-wrap gap-x-3 border-t border-line py-1.5 text-13"
          >
            <span className="num text-text-3">{format.dateTime(new Date(at * 1000))}</span>
            <span className="text-text">{named(what)}</span>
            <code className="min-w-0 truncate font-mono text-12 text-text-3">{subject}</code>
          </li>
        ))}
      </ul>
      {happenings.length > most && (
        <p className="text-13 text-text-3">{t("more", { count: happenings.length - most })}</p>
      )}
    </section>
  );
}

const known = [
  ...["checkout-session-expire", "invoice-finalize", "invoice-retry", "invoice-upcoming"],
  ...["subscription-cancel", "subscription-expire", "subscription-pending_update_expire"],
  ...["subscription-renew", "subscription-resume_collection", "subscription-trial_will_end"],
  "subscription_schedule-phase",
] as const;

/** What falls due, in words; what has none is shown by its code. */
function useHappeningName(): (what: string) => string {
  const t = useTranslations("dev.stripe.happening");
  return (what) => {
    const name = known.find((one) => one === what.replaceAll(".", "-"));
    return name ? t(name) : what;
  };
}
