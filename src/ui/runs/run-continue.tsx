"use client";

import { ArrowUp } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { useOnline } from "#ui/live";
import { Button } from "#ui/primitives/button";
import { describedBy, Field } from "#ui/primitives/field";
import { Textarea } from "#ui/primitives/input";
import { useProblemText } from "#ui/problem-text";
import type { Run } from "./run";
import { useAvailable } from "./use-available";
import { useQuote, useQuotedPrice } from "./use-quote";
import { useStart } from "./use-start";

/** Asks more of a result: a run of its own, whose price stands on the button. */
export function RunContinue({ run, onStarted }: { run: Run; onStarted: (run: Run) => void }) {
  const t = useTranslations("runs.turns");
  const problemText = useProblemText();
  const online = useOnline();
  const available = useAvailable(true);
  const [message, setMessage] = useState("");
  const input = message.trim() === "" ? null : { message: message.trim() };
  const path = `/runs/${run.id}/continuations`;
  const { quote, problem: unpriced, pending } = useQuote(run.tool, input, available, `${path}/quote`);
  const { start, starting, problem } = useStart(run.tool, path);
  const priceOf = useQuotedPrice();
  const short = (quote?.short ?? 0) > 0;
  const why = problem ?? unpriced;
  const error = why ? problemText(why) : short ? t("tooFew") : undefined;
  const send = async () => {
    const begun = input && (await start(input, quote?.credits));
    if (begun) onStarted(begun);
  };
  return (
    <form
      className="grid gap-3 border-t border-line p-4 sm:p-5"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <Field id="continue" label={t("label")} error={error}>
        <Textarea
          {...describedBy("continue", { error })}
          rows={2}
          maxLength={8_000}
          value={message}
          placeholder={t("placeholder")}
          onChange={({ target }) => setMessage(target.value)}
        />
      </Field>
      <Button
        type="submit"
        className="num w-fit"
        busy={starting}
        disabled={!online || !input || short || unpriced !== null || pending}
        data-testid="continue"
      >
        <ArrowUp aria-hidden="true" strokeWidth={1.75} />
        {quote && input ? t("sendPrice", { credits: priceOf(quote) }) : t("send")}
      </Button>
    </form>
  );
}
