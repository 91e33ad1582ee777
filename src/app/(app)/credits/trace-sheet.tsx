"use client";

import { useQuery } from "@tanstack/react-query";
import { Coins, CornerDownLeft, CreditCard, Hourglass, Play, ReceiptText } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { type ReactNode, useEffect, useState } from "react";
import type { TraceJson } from "#api/contract";
import { traceQuery } from "#ui/credits/queries";
import { type ToolName, useWords } from "#ui/credits/words";
import { Dialog } from "#ui/primitives/dialog";
import { Skeleton } from "#ui/primitives/skeleton";
import { QueryState } from "#ui/state/query-state";
import { useFormat } from "#ui/use-format";

type TraceSheetProps = {
  /** An entry's number or a lot's id; null while the sheet is closed. */
  of: string | null;
  tools: readonly ToolName[];
  onClose: () => void;
};

/** Why an entry is what it is, step by step: how the credits came, their lot, the hold, the run, the rest. */
export function TraceSheet({ of, tools, onClose }: TraceSheetProps) {
  const t = useTranslations("credits.trace");
  // The sheet still shows its entry while it slides out.
  const [shown, setShown] = useState(of);
  useEffect(() => {
    if (of !== null) setShown(of);
  }, [of]);
  return (
    <Dialog
      shape="sheet"
      open={of !== null}
      onOpenChange={(open) => !open && onClose()}
      title={t("title")}
      description={t("text")}
    >
      {shown !== null && <Steps of={shown} tools={tools} />}
    </Dialog>
  );
}

function Steps({ of, tools }: { of: string; tools: readonly ToolName[] }) {
  const t = useTranslations("credits.trace");
  const query = useQuery(traceQuery(of));
  return (
    <QueryState query={query} failure={t("failure")} skeleton={<Skeleton className="h-80 w-full" />}>
      {(trace) => (
        <ol className="grid" data-testid="trace">
          <Came trace={trace} tools={tools} />
          <LotStep trace={trace} tools={tools} />
          {trace.hold && <HoldStep hold={trace.hold} tools={tools} />}
          {trace.run && <RunStep run={trace.run} tools={tools} />}
          {trace.entry.kind !== "issued" && <Went trace={trace} tools={tools} />}
          {trace.hold && trace.hold.returned > 0 && <Returned hold={trace.hold} />}
        </ol>
      )}
    </QueryState>
  );
}

type PartProps = { trace: TraceJson; tools: readonly ToolName[] };

/** How the lot came: what was paid, or who gave it. */
function Came({ trace: { issued, payment, invoice }, tools }: PartProps) {
  const t = useTranslations("credits.trace");
  const format = useFormat();
  const words = useWords(tools);
  return (
    <Step
      icon={payment || invoice ? <CreditCard /> : <Coins />}
      title={words.entry(issued).text}
      at={issued.createdAt}
      amount={format.signed(issued.credits)}
    >
      {payment
        ? t("paid", { amount: format.money(payment.amount, payment.currency) })
        : invoice
          ? t("invoiced", { amount: format.money(invoice.totalCents, invoice.currency) })
          : t("given")}
      {invoice && (
        <Link
          href={`/billing?invoice=${invoice.id}`}
          className="block font-medium text-text underline underline-offset-2"
        >
          {t("openInvoice", { number: invoice.number ?? invoice.id })}
        </Link>
      )}
      <After total={issued.totalAfter} />
    </Step>
  );
}

/** The lot as it is now. */
function LotStep({ trace: { lot }, tools }: PartProps) {
  const t = useTranslations("credits.trace");
  const common = useTranslations("common.credits");
  const format = useFormat();
  const words = useWords(tools);
  const gone = lot.credits - lot.remaining - lot.held;
  return (
    <Step icon={<Coins />} title={t("lot", { lot: words.lot(lot.source) })}>
      <span className="num">
        {t("lotNow", {
          remaining: format.integer(lot.remaining),
          held: format.integer(lot.held),
          gone: format.integer(gone),
          credits: format.integer(lot.credits),
        })}
      </span>
      <span className="block">
        {lot.expiresAt ? common("expires", { date: format.date(lot.expiresAt) }) : common("never")}
      </span>
    </Step>
  );
}

type Hold = NonNullable<TraceJson["hold"]>;

function HoldStep({ hold, tools }: { hold: Hold; tools: readonly ToolName[] }) {
  const t = useTranslations("credits.trace");
  const format = useFormat();
  const words = useWords(tools);
  return (
    <Step
      icon={<Hourglass />}
      title={t("held")}
      at={hold.createdAt}
      amount={format.integer(hold.credits)}
      tone="hold"
    >
      {t("heldText")}
      {hold.lots.length > 1 && (
        <ul className="num pt-1">
          {hold.lots.map(({ grantId, source, credits }) => (
            <li key={grantId} className="flex justify-between gap-4">
              {words.lot(source)}
              <span>{format.integer(credits)}</span>
            </li>
          ))}
        </ul>
      )}
    </Step>
  );
}

function RunStep({ run, tools }: { run: NonNullable<TraceJson["run"]>; tools: readonly ToolName[] }) {
  const t = useTranslations("credits.trace");
  const status = useTranslations("common.status");
  const name = tools.find(({ slug }) => slug === run.tool)?.name ?? run.tool;
  return (
    <Step icon={<Play />} title={name} at={run.endedAt ?? run.createdAt}>
      {status(run.status)} ·{" "}
      <Link href={`/runs/${run.id}`} className="font-medium text-text underline underline-offset-2">
        {t("openRun")}
      </Link>
    </Step>
  );
}

/** What the entry itself took. */
function Went({ trace: { entry }, tools }: PartProps) {
  const t = useTranslations("credits.trace");
  const format = useFormat();
  const words = useWords(tools);
  return (
    <Step
      icon={<ReceiptText />}
      title={entry.kind === "consumed" ? t("charged") : words.entry(entry).text}
      at={entry.createdAt}
      amount={format.signed(entry.credits)}
    >
      {entry.kind === "consumed" && words.entry(entry).text}
      <After total={entry.totalAfter} />
    </Step>
  );
}

function Returned({ hold }: { hold: Hold }) {
  const t = useTranslations("credits.trace");
  const format = useFormat();
  return (
    <Step
      icon={<CornerDownLeft />}
      title={t("returned")}
      {...(hold.endedAt && { at: hold.endedAt })}
      amount={format.integer(hold.returned)}
    >
      {t("returnedText", { held: format.integer(hold.credits), charged: format.integer(hold.captured) })}
    </Step>
  );
}

function After({ total }: { total: number }) {
  const t = useTranslations("credits.trace");
  const format = useFormat();
  return <span className="num block text-text-3">{t("after", { total: format.integer(total) })}</span>;
}

type StepProps = {
  icon: ReactNode;
  title: ReactNode;
  at?: string;
  amount?: string;
  tone?: "hold";
  children: ReactNode;
};

function Step({ icon, title, at, amount, tone, children }: StepProps) {
  const format = useFormat();
  return (
    <li className="group grid grid-cols-[28px_minmax(0,1fr)] gap-3">
      <span aria-hidden="true" className="grid grid-rows-[28px_1fr] justify-items-center">
        <span className="grid size-7 place-items-center rounded-full border border-line bg-sunken text-text-2 [&_svg]:size-3.5">
          {icon}
        </span>
        <span className="w-px bg-line group-last:hidden" />
      </span>
      <div className="grid gap-0.5 pb-5 text-13">
        <p className="flex justify-between gap-4 pt-1">
          <span className="text-14 font-medium text-text">{title}</span>
          {amount && (
            <span className={`num text-14 font-medium ${tone === "hold" ? "text-hold" : "text-text"}`}>
              {amount}
            </span>
          )}
        </p>
        {at && <p className="num text-12 text-text-3">{format.exactTime(at)}</p>}
        <div className="text-text-2">{children}</div>
      </div>
    </li>
  );
}
