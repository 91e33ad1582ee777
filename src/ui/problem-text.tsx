"use client";

import { useTranslations } from "next-intl";
import { useCallback } from "react";
import { waitOf } from "#format";
import { Problem } from "#ui/api";

/** A sentence for people from what a request threw: by its code, else the general one. */
export function useProblemText(): (error: unknown) => string {
  const t = useTranslations("problems");
  const tools = useTranslations("toolErrors");
  return useCallback(
    (error: unknown): string => {
      if (!(error instanceof Problem)) return t("fault");
      const { code } = error;
      if (code === "rate_limited") return t("rate_limited", waitOf(error.retryAfter ?? 0));
      if (isPlain(code)) return t(code);
      return tools.has(code) ? tools(code) : (error.detail ?? t("fault"));
    },
    [t, tools],
  );
}

const plain = [
  "network",
  "fault",
  "invalid_request",
  "unauthenticated",
  "forbidden",
  "bad_origin",
  "mail_unverified",
  "not_found",
  "method_not_allowed",
  "insufficient_credits",
  "idempotency_conflict",
  "secret_told",
  "code_unknown",
  "code_expired",
  "code_used_up",
  "code_redeemed",
  "code_once",
  "codes_told",
  "promotion_refused",
  "adjustment_too_large",
  "gift_too_large",
  "segment_changed",
  "announcement_sent",
  "invoice_not_open",
  "not_refundable",
  "refund_too_large",
  "hold_closed",
  "hold_exceeded",
  "suspended",
  "viewing",
  "not_yourself",
  "last_owner",
  "staff_code_required",
  "staff_code_wrong",
  "staff_code_over",
  "job_running",
  "job_needed",
  "mail_verified",
  "mail_not_kept",
  "mail_not_failed",
  "run_over",
  "run_canceled",
  "tool_not_configured",
  "tool_off",
  "price_changed",
  "tool_changed",
  "welcome_decided",
  "nothing_to_report",
  "report_decided",
  "report_not_looked",
  "upload_unsupported",
  "upload_too_large",
  "upload_corrupt",
  "storage_full",
  "already_subscribed",
  "not_subscribed",
  "plan_unchanged",
  "change_pending",
  "currency_fixed",
  "payment_failed",
  "card_missing",
  "account_flagged",
  "payments_off",
  "payments_unreachable",
  "plan_required",
  "busy",
  "misdirected",
] as const;

function isPlain(code: string): code is (typeof plain)[number] {
  return plain.some((known) => known === code);
}
