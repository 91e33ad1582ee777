"use client";

import { useTranslations } from "next-intl";
import type { ConsoleEvent, ConsoleState } from "#sandbox/stripe";
import { MonoId } from "#ui/data/cells";
import { Badge } from "#ui/primitives/badge";
import { Button } from "#ui/primitives/button";
import { Card, CardBody, CardHeader } from "#ui/primitives/card";
import { useFormat } from "#ui/use-format";
import { useAct } from "./use-act";

/** What was told to the site, and telling it again: once more, twice, later, backwards. */
export function Events({ state }: { state: ConsoleState }) {
  const t = useTranslations("dev.stripe");
  const act = useAct();
  const release = (order: "same" | "reverse", times: number) =>
    act.mutate({ path: "/release", body: { order, times } });
  return (
    <Card aria-labelledby="events">
      <CardHeader
        id="events"
        title={t("events")}
        hint={state.isHolding ? t("holding", { count: state.held }) : t("eventsHint")}
        action={
          <span className="flex flex-wrap justify-end gap-2">
            {!state.isHolding && (
              <>
                <Button
                  size="sm"
                  variant="secondary"
                  busy={act.isPending}
                  onClick={() => act.mutate({ path: "/retry" })}
                >
                  {t("retryNow")}
                </Button>
                <Button
                  size="sm"
                  variant="secondary"
                  busy={act.isPending}
                  onClick={() => act.mutate({ path: "/hold" })}
                >
                  {t("hold")}
                </Button>
              </>
            )}
            {state.isHolding && (
              <>
                <Button size="sm" busy={act.isPending} onClick={() => release("same", 1)}>
                  {t("release")}
                </Button>
                <Button
                  size="sm"
                  variant="secondary"
                  busy={act.isPending}
                  onClick={() => release("reverse", 1)}
                >
                  {t("releaseBackwards")}
                </Button>
                <Button size="sm" variant="secondary" busy={act.isPending} onClick={() => release("same", 2)}>
                  {t("releaseTwice")}
                </Button>
              </>
            )}
          </span>
        }
      />
      <CardBody>
        {state.events.length === 0 && <p className="text-13 text-text-3">{t("noEvents")}</p>}
        <ul>
          {state.events.map((event) => (
            <EventRow key={event.id} event={event} />
          ))}
        </ul>
      </CardBody>
    </Card>
  );
}

const tones = { pending: "hold", held: "hold", delivered: "neutral", failed: "danger" } as const;

function EventRow({ event: { id, type, created, delivery } }: { event: ConsoleEvent }) {
  const t = useTranslations("dev.stripe");
  const format = useFormat();
  const act = useAct();
  const resend = (times: number) => act.mutate({ path: `/events/${id}/resend`, body: { times } });
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1 border-t border-line py-2 text-13">
      <span className="num text-text-3">{format.dateTime(new Date(created * 1000))}</span>
      <span className="font-medium break-all text-text">{type}</span>
      <MonoId id={id} label={t("eventId")} short />
      {delivery && <Badge tone={tones[delivery.status]}>{t(`deliveries.${delivery.status}`)}</Badge>}
      {delivery?.error && (
        <span className="text-danger">
          {t("attempts", { count: delivery.attempts, error: delivery.error })}
        </span>
      )}
      <span className="ml-auto flex gap-1">
        <Button size="sm" variant="quiet" busy={act.isPending} onClick={() => resend(1)}>
          {t("resend")}
        </Button>
        <Button size="sm" variant="quiet" busy={act.isPending} onClick={() => resend(2)}>
          {t("duplicate")}
        </Button>
      </span>
    </li>
  );
}
