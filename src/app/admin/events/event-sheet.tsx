"use client";

import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { MonoId, Time } from "#ui/data/cells";
import { useLast } from "#ui/office/use-last";
import { CopyButton } from "#ui/primitives/copy-button";
import { Dialog } from "#ui/primitives/dialog";
import { Skeleton } from "#ui/primitives/skeleton";
import { QueryState } from "#ui/state/query-state";
import { EventStatus, Reason } from "./event-rows";
import { eventQuery, payloadQuery } from "./filter";

/** Everything about one event; what it told is asked of Stripe, for we keep ids alone. */
export function EventSheet({ id, onClose }: { id: string | null; onClose: () => void }) {
  const t = useTranslations("officeOperations.events");
  const shown = useLast(id);
  return (
    <Dialog
      shape="sheet"
      className="sm:w-[560px]"
      open={id !== null}
      onOpenChange={(open) => !open && onClose()}
      title={t("sheet")}
    >
      {shown && <Facts id={shown} />}
    </Dialog>
  );
}

function Facts({ id }: { id: string }) {
  const t = useTranslations("officeOperations.events");
  const column = useTranslations("office.events.column");
  const event = useQuery(eventQuery(id));
  const payload = useQuery(payloadQuery(id));
  return (
    <div className="grid grid-cols-1 gap-5 text-13">
      <QueryState query={event} failure={t("sheetFailure")} skeleton={<Skeleton className="h-24" />}>
        {({ type, status, attempts, error, receivedAt, objectId }) => (
          <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-2 *:min-w-0 [&_dt]:text-text-3">
            <dt>{column("type")}</dt>
            <dd className="wrap-anywhere">
              {type} <MonoId id={id} label={column("type")} className="flex" />
            </dd>
            <dt>{column("status")}</dt>
            <dd>
              <EventStatus status={status} />
            </dd>
            <dt>{column("attempts")}</dt>
            <dd className="num">{attempts}</dd>
            <dt>{column("time")}</dt>
            <dd>
              <Time at={receivedAt} show="dateTime" />
            </dd>
            {objectId && (
              <>
                <dt>{t("object")}</dt>
                <dd>
                  <MonoId id={objectId} label={t("object")} />
                </dd>
              </>
            )}
            {error && (
              <>
                <dt>{column("error")}</dt>
                <dd className="break-words">
                  <Reason status={status} error={error} whole />
                </dd>
              </>
            )}
          </dl>
        )}
      </QueryState>
      <section aria-label={t("payload")} className="grid grid-cols-1 gap-2">
        <h3 className="text-14 font-semibold text-text">{t("payload")}</h3>
        <p className="text-text-3">{t("payloadText")}</p>
        <QueryState query={payload} failure={t("payloadFailure")} skeleton={<Skeleton className="h-40" />}>
          {({ payload: told }) =>
            told === null ? (
              <p data-testid="payload-gone">{t("payloadGone")}</p>
            ) : (
              <Json text={JSON.stringify(told, null, 2)} />
            )
          }
        </QueryState>
      </section>
    </div>
  );
}

function Json({ text }: { text: string }) {
  const t = useTranslations("officeOperations.events");
  return (
    <div className="relative rounded-field border border-line bg-sunken">
      <span className="absolute top-1 right-1">
        <CopyButton text={text} label={t("copyPayload")} />
      </span>
      {/* It scrolls, so it takes the focus. */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: scrolled by keys */}
      <pre tabIndex={0} className="max-h-96 overflow-auto p-3 pr-10 font-mono text-12 text-text-2">
        {text}
      </pre>
    </div>
  );
}
