import { fault, type ProblemCode, refusals } from "#platform/refusal";

/** Every error of the API, by its code: when to send the request again, and whether a key can meet it. */

type Again = "no" | "fixed" | "later" | "sameKey";
type Met = { again: Again; by: "anybody" | "session" };

/** `session` also stands for a scheduler's secret and a webhook's signature. */
const met: Record<ProblemCode, Met> = {
  malformed_request: { again: "no", by: "anybody" },
  signature_invalid: { again: "no", by: "session" },
  unauthenticated: { again: "no", by: "anybody" },
  key_invalid: { again: "no", by: "anybody" },
  wrong_credentials: { again: "no", by: "session" },
  cron_secret_wrong: { again: "no", by: "session" },
  insufficient_credits: { again: "fixed", by: "anybody" },
  payment_failed: { again: "fixed", by: "session" },
  not_for_sale: { again: "no", by: "session" },
  draft_stale: { again: "fixed", by: "session" },
  bad_origin: { again: "no", by: "anybody" },
  forbidden: { again: "no", by: "anybody" },
  mail_unverified: { again: "fixed", by: "anybody" },
  viewing: { again: "no", by: "session" },
  suspended: { again: "no", by: "anybody" },
  plan_required: { again: "fixed", by: "anybody" },
  tool_off: { again: "fixed", by: "anybody" },
  not_continuable: { again: "no", by: "anybody" },
  scope_missing: { again: "no", by: "anybody" },
  adjustment_too_large: { again: "no", by: "session" },
  gift_too_large: { again: "no", by: "session" },
  announcement_sent: { again: "no", by: "session" },
  segment_changed: { again: "fixed", by: "session" },
  not_found: { again: "no", by: "anybody" },
  code_unknown: { again: "no", by: "session" },
  code_once: { again: "no", by: "session" },
  promotion_refused: { again: "fixed", by: "session" },
  codes_told: { again: "no", by: "session" },
  method_not_allowed: { again: "no", by: "anybody" },
  external_id_taken: { again: "no", by: "anybody" },
  hold_closed: { again: "no", by: "anybody" },
  idempotency_conflict: { again: "no", by: "anybody" },
  key_revoked: { again: "no", by: "anybody" },
  run_over: { again: "no", by: "anybody" },
  run_canceled: { again: "no", by: "anybody" },
  secret_told: { again: "no", by: "anybody" },
  price_changed: { again: "no", by: "anybody" },
  welcome_decided: { again: "no", by: "session" },
  nothing_to_report: { again: "no", by: "session" },
  report_decided: { again: "no", by: "session" },
  report_not_looked: { again: "fixed", by: "session" },
  tool_changed: { again: "no", by: "session" },
  tool_not_configured: { again: "fixed", by: "anybody" },
  upload_in_use: { again: "later", by: "anybody" },
  account_flagged: { again: "fixed", by: "session" },
  already_subscribed: { again: "no", by: "session" },
  card_missing: { again: "fixed", by: "session" },
  change_pending: { again: "fixed", by: "session" },
  code_redeemed: { again: "no", by: "session" },
  code_used_up: { again: "no", by: "session" },
  currency_fixed: { again: "no", by: "session" },
  last_owner: { again: "fixed", by: "session" },
  invoice_not_open: { again: "no", by: "session" },
  not_refundable: { again: "no", by: "session" },
  refund_too_large: { again: "no", by: "session" },
  not_yourself: { again: "no", by: "session" },
  staff_code_required: { again: "fixed", by: "session" },
  staff_code_wrong: { again: "fixed", by: "session" },
  staff_code_over: { again: "fixed", by: "session" },
  job_running: { again: "later", by: "session" },
  job_needed: { again: "no", by: "session" },
  mail_verified: { again: "no", by: "session" },
  mail_not_failed: { again: "no", by: "session" },
  mail_not_kept: { again: "no", by: "session" },
  not_subscribed: { again: "fixed", by: "session" },
  payments_off: { again: "no", by: "session" },
  plan_unchanged: { again: "no", by: "session" },
  code_expired: { again: "no", by: "session" },
  link_invalid: { again: "no", by: "session" },
  payload_too_large: { again: "no", by: "anybody" },
  storage_full: { again: "fixed", by: "anybody" },
  upload_too_large: { again: "no", by: "anybody" },
  unsupported_media_type: { again: "no", by: "anybody" },
  misdirected: { again: "fixed", by: "anybody" },
  hold_exceeded: { again: "no", by: "anybody" },
  invalid_request: { again: "no", by: "anybody" },
  upload_corrupt: { again: "no", by: "anybody" },
  upload_unsupported: { again: "no", by: "anybody" },
  wrong_password: { again: "no", by: "session" },
  rate_limited: { again: "later", by: "anybody" },
  internal: { again: "sameKey", by: "anybody" },
  busy: { again: "sameKey", by: "anybody" },
  cron_off: { again: "fixed", by: "session" },
  payments_unreachable: { again: "sameKey", by: "session" },
};

export type ListedError = Met & { code: ProblemCode; status: number };

const isCode = (code: string): code is ProblemCode => code in met;

/** In the order of their status. */
export const listedErrors: readonly ListedError[] = Object.keys(met)
  .filter(isCode)
  .map((code) => ({ code, ...met[code], status: code === fault.code ? fault.status : refusals[code].status }))
  .sort((a, b) => a.status - b.status);
