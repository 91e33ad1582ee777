"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import type { GiftNowJson } from "#api/contract";
import { api } from "#ui/api";
import { Time } from "#ui/data/cells";
import { useIntention } from "#ui/intention";
import { ActDialog } from "#ui/office/act-dialog";
import { SegmentWords } from "#ui/office/segment-words";
import { useLast } from "#ui/office/use-last";
import { Dialog } from "#ui/primitives/dialog";
import { Skeleton } from "#ui/primitives/skeleton";
import { toast } from "#ui/primitives/toast";
import { QueryState } from "#ui/state/query-state";
import { useFormat } from "#ui/use-format";
import { GiftStatus } from "./gift-status";
import { giftQuery } from "./queries";

/** A gift with what is left of it now, and the way to take that back. */
export function GiftSheet({ id, onClose }: { id: string | null; onClose: () => void }) {
  const shown = useLast(id);
  return shown && <OneGift id={shown} open={id !== null} onClose={onClose} />;
}

type OneGiftProps = { id: string; open: boolean; onClose: () => void };

function OneGift({ id, open, onClose }: OneGiftProps) {
  const t = useTranslations("officeGifts");
  const format = useFormat();
  const queries = useQueryClient();
  const intention = useIntention();
  const query = useQuery({ ...giftQuery(id), enabled: open });
  const gift = query.data;
  const mayUndo = gift?.status === "giving" || gift?.status === "given";
  const common = {
    shape: "sheet" as const,
    open,
    onOpenChange: (stays: boolean) => !stays && onClose(),
    title: gift?.name ?? t("title"),
  };
  const facts = (
    <QueryState query={query} failure={t("failure")} skeleton={<Skeleton className="h-48" />}>
      {(data) => <Facts gift={data} />}
    </QueryState>
  );
  if (!gift || !mayUndo) return <Dialog {...common}>{facts}</Dialog>;
  const undo = async (reason: string) => {
    const body = { reason };
    await api.post(`/admin/gifts/${id}/undo`, body, { idempotencyKey: intention.keyFor(body) });
    intention.done();
    toast.done(t("undo.begun", { name: gift.name }));
    await queries.invalidateQueries({ queryKey: ["office", "gifts"] });
  };
  const nothing = gift.left === 0 && gift.status === "given";
  return (
    <ActDialog
      {...common}
      act={nothing ? t("undo.nothing") : t("undo.open", { credits: format.credits(gift.left) })}
      danger
      incomplete={nothing}
      onAct={undo}
    >
      {facts}
      <p className="text-13 text-text-2">
        {t("undo.text")}
        {gift.status === "giving" && <> {t("undo.stops")}</>}
      </p>
    </ActDialog>
  );
}

function Facts({ gift }: { gift: GiftNowJson }) {
  const t = useTranslations("officeGifts.sheet");
  const columns = useTranslations("officeGifts.column");
  const words = useTranslations("officeGifts");
  const format = useFormat();
  const { credits, given, people, leftOut, left, peopleLeft, held, taken } = gift;
  const rest = credits * given - left - held - taken;
  const rows: [string, ReactNode][] = [
    [columns("status"), <GiftStatus key="status" gift={gift} />],
    [columns("who"), <SegmentWords key="who" filter={gift.filter} />],
    [columns("credits"), format.credits(credits)],
    [t("expires"), gift.expiresAt ? <Time key="end" at={gift.expiresAt} show="dateTime" /> : t("never")],
    [t("given"), words("progress", { done: format.integer(given), all: format.integer(people) })],
    ...(leftOut > 0 ? [[t("leftOut"), format.integer(leftOut)] satisfies [string, ReactNode]] : []),
    [t("total"), format.credits(credits * given)],
    [
      t("left"),
      left === 0 ? format.credits(0) : t("leftOf", { credits: format.credits(left), count: peopleLeft }),
    ],
    ...(held > 0 ? [[t("held"), format.credits(held)] satisfies [string, ReactNode]] : []),
    [t("rest"), format.credits(rest)],
    ...(gift.status === "undone" || gift.status === "undoing"
      ? [[t("taken"), format.credits(taken)] satisfies [string, ReactNode]]
      : []),
    [
      columns("by"),
      <span key="by" className="wrap-anywhere">
        {gift.createdByMail ?? "—"}
      </span>,
    ],
    [columns("time"), <Time key="time" at={gift.createdAt} show="dateTime" />],
  ];
  return (
    <>
      <dl
        className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-2 text-13 *:min-w-0 [&_dt]:text-text-3"
        data-testid="gift-facts"
      >
        {rows.map(([name, value]) => (
          <div key={name} className="contents">
            <dt>{name}</dt>
            <dd className="num">{value}</dd>
          </div>
        ))}
      </dl>
      {leftOut > 0 && <p className="text-13 text-text-3">{t("leftOutHint")}</p>}
    </>
  );
}
