"use client";

import { useTranslations } from "next-intl";
import type { StripeOutcomeJson } from "#api/contract";

/** Stripe did not do it, or not yet: what the dialog tells, which stays open. */
export class NotDone extends Error {
  readonly outcome: StripeOutcomeJson;

  constructor(outcome: StripeOutcomeJson) {
    super(outcome.state);
    this.outcome = outcome;
  }
}

/** @throws NotDone unless it is done, or will be without anybody's doing */
export function requireDone(outcome: StripeOutcomeJson): "done" | "scheduled" {
  if (outcome.state === "done" || outcome.state === "scheduled") return outcome.state;
  throw new NotDone(outcome);
}

/** A sentence for what Stripe did not do; null for any other error. */
export function useNotDoneText(): (error: unknown) => string | null {
  const t = useTranslations("officeActs.notDone");
  return (error) => {
    if (!(error instanceof NotDone)) return null;
    const { state, code, reason } = error.outcome;
    if (state === "payment_needed") return t("waits");
    if (code === "card_missing") return t("noCard");
    if (code === "payment_failed") return reason ? t("declinedFor", { reason }) : t("declined");
    return t("refused", { code: code ?? "" });
  };
}
