"use client";

import { PenLine, RotateCcw } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { inputFaultCodes } from "#tools/names";
import { useOnline } from "#ui/live";
import { Button } from "#ui/primitives/button";
import { useProblemText } from "#ui/problem-text";
import { isActive, type Run, type RunInput } from "./run";
import { turnsOf } from "./run-turns";
import { useAvailable } from "./use-available";
import { useQuote, useQuotedPrice } from "./use-quote";
import { useStart } from "./use-start";

/** What is started again: of a run that goes on with another, what was asked of that. */
function againOf(run: Run): { input: RunInput; path: { quote: string; start: string } } {
  const { tool, parent, input } = run;
  const last = turnsOf(run).at(-1);
  if (!parent || !last) return { input, path: { quote: `/tools/${tool}`, start: `/tools/${tool}/runs` } };
  const start = `/runs/${parent}/continuations`;
  return { input: { message: last.message }, path: { quote: start, start } };
}

type RunActionsProps = {
  run: Run;
  visitor: boolean;
  onStarted: (run: Run) => void;
  /** Also a way to the form with this run's input; where the form does not stand beside it. */
  edit?: boolean;
};

/** What one may do with a run that is over: start it again at today's price, or change its input. */
export function RunActions({ run, visitor, onStarted, edit = false }: RunActionsProps) {
  const t = useTranslations("runs.view");
  const priceOf = useQuotedPrice();
  const problemText = useProblemText();
  const online = useOnline();
  const available = useAvailable(!visitor);
  const over = !isActive(run) && !run.purged;
  const { input, path } = againOf(run);
  const { quote, problem: unpriced } = useQuote(
    run.tool,
    over ? input : null,
    available,
    `${path.quote}/quote`,
  );
  const { start, starting, problem } = useStart(run.tool, path.start);
  if (!over) return null;

  const failed = run.status === "failed";
  const hopeless = failed && inputFaultCodes.some((code) => code === run.error?.code);
  if (hopeless && !edit) return <p className="text-13 text-text-2">{t("otherInput")}</p>;
  const label = () => {
    if (!quote || quote.credits === 0) return failed ? t("retry") : t("again_free");
    const credits = priceOf(quote);
    return failed ? t("retryPrice", { credits }) : t("again_price", { credits });
  };
  const short = (quote?.short ?? 0) > 0;
  const why = problem ?? unpriced;
  const again = async () => {
    const begun = await start(input, quote?.credits);
    if (begun) onStarted(begun);
  };
  return (
    <>
      {!hopeless && (
        <Button
          variant={failed ? "primary" : "secondary"}
          busy={starting}
          disabled={!online || short || unpriced !== null}
          onClick={(event) => event.detail < 2 && void again()}
          data-testid="run-again"
          className="num"
        >
          <RotateCcw aria-hidden="true" strokeWidth={1.75} />
          {label()}
        </Button>
      )}
      {edit && (
        <Button asChild variant={hopeless ? "primary" : "secondary"}>
          <Link href={`/tools/${run.tool}?run=${run.id}`}>
            <PenLine aria-hidden="true" strokeWidth={1.75} />
            {t("edit")}
          </Link>
        </Button>
      )}
      {!hopeless && (why || short) && (
        <p role="alert" className="basis-full text-13 text-text-2">
          {why?.code === "invalid_request" ? t("filesGone") : why ? problemText(why) : t("tooFew")}
        </p>
      )}
    </>
  );
}
