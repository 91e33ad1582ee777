"use client";

import { ChevronRight } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { lazy, Suspense } from "react";
import type { Run } from "./run";

const Markdown = lazy(() => import("#ui/files/markdown"));

type Turn = { answer: string; message: string };

/** What was said before this run: what came out, and what was asked of it. */
export function RunTurns({ run }: { run: Run }) {
  const t = useTranslations("runs.turns");
  const turns = turnsOf(run);
  if (turns.length === 0) return null;
  return (
    <details className="group border-b border-line">
      <summary className="flex min-h-11 cursor-pointer list-none items-center justify-between gap-3 px-4 text-13 text-text-2 hover:text-text sm:px-5">
        <span className="flex items-center gap-1.5">
          <ChevronRight
            aria-hidden="true"
            className="size-4 transition-transform duration-120 group-open:rotate-90"
            strokeWidth={1.75}
          />
          {t("title", { count: turns.length })}
        </span>
        {run.parent && (
          <Link href={`/runs/${run.parent}`} className="underline-offset-3 hover:underline">
            {t("parent")}
          </Link>
        )}
      </summary>
      <ol className="grid gap-4 px-4 pb-4 sm:px-5">
        {turns.map(({ answer, message }, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: what was said stays where it was
          <li key={at} className="grid gap-3">
            <div className="max-h-72 overflow-auto rounded-field bg-sunken px-3.5 py-3 text-14">
              <Suspense fallback={answer}>
                <Markdown text={answer} />
              </Suspense>
            </div>
            {/* The last stands below, beside what came of it. */}
            {at < turns.length - 1 && <Asked message={message} />}
          </li>
        ))}
      </ol>
    </details>
  );
}

/** What is asked in this run, where it goes on with another. */
export function RunAsked({ run }: { run: Run }) {
  const last = turnsOf(run).at(-1);
  return last ? (
    <div className="border-b border-line px-4 py-3 sm:px-5">
      <Asked message={last.message} />
    </div>
  ) : null;
}

function Asked({ message }: { message: string }) {
  return (
    <p className="ml-auto w-fit max-w-[85%] rounded-field bg-primary px-3.5 py-2.5 text-14 whitespace-pre-wrap text-on-primary [overflow-wrap:anywhere]">
      {message}
    </p>
  );
}

/** What was said before a run, the last last. */
export function turnsOf({ input }: Run): Turn[] {
  const { turns } = input;
  return Array.isArray(turns) ? turns.filter(isTurn) : [];
}

function isTurn(turn: unknown): turn is Turn {
  if (typeof turn !== "object" || turn === null || !("answer" in turn) || !("message" in turn)) return false;
  return typeof turn.answer === "string" && typeof turn.message === "string";
}
