/**
 * An expected no. Thrown, so that the transaction around it rolls back; the API turns it into problem
 * JSON by the table below. Anything else that is thrown is a fault: 500, its message kept inside.
 */

/** Every refusal: HTTP status and English title. Words for people come from the code, in i18n. */
export const refusals = {
  malformed_request: { status: 400, title: "The request cannot be read" },
  payload_too_large: { status: 413, title: "The request is too large" },
  unsupported_media_type: { status: 415, title: "This Content-Type is not accepted here" },
  invalid_request: { status: 422, title: "Some fields are missing or wrong" },
  unauthenticated: { status: 401, title: "Sign in first" },
  key_invalid: { status: 401, title: "This API key is unknown, revoked or expired" },
  key_revoked: { status: 409, title: "This API key was revoked" },
  secret_told: { status: 409, title: "The secret of this request is told no more: rotate the key" },
  scope_missing: { status: 403, title: "This API key may not do that" },
  cron_off: { status: 503, title: "Set CRON_SECRET to use this endpoint" },
  cron_secret_wrong: { status: 401, title: "Send Authorization: Bearer with the value of CRON_SECRET" },
  wrong_credentials: { status: 401, title: "Wrong mail address or password" },
  wrong_password: { status: 422, title: "Wrong password" },
  link_invalid: { status: 410, title: "This link was used or has expired" },
  suspended: { status: 403, title: "This account is suspended; write to us" },
  viewing: { status: 403, title: "Viewing as a customer changes nothing" },
  forbidden: { status: 403, title: "Not allowed" },
  bad_origin: { status: 403, title: "The request did not come from this site" },
  mail_unverified: { status: 403, title: "Confirm your mail address first" },
  not_found: { status: 404, title: "Not found" },
  method_not_allowed: { status: 405, title: "This method is not allowed here" },
  insufficient_credits: { status: 402, title: "Not enough credits" },
  idempotency_conflict: { status: 409, title: "This Idempotency-Key was used with another request" },
  external_id_taken: { status: 409, title: "Another account has this external id" },
  code_unknown: { status: 404, title: "There is no such code" },
  code_expired: { status: 410, title: "This code has expired" },
  code_used_up: { status: 409, title: "This code has been used up" },
  code_once: { status: 409, title: "You have redeemed another of these codes, and each person gets one" },
  promotion_refused: { status: 409, title: "Stripe did not make this promotion code" },
  codes_told: { status: 409, title: "The codes of this request are told no more" },
  code_redeemed: { status: 409, title: "You have redeemed this code before" },
  adjustment_too_large: { status: 403, title: "More than you may adjust at once" },
  gift_too_large: { status: 403, title: "More than you may give in all" },
  announcement_sent: { status: 409, title: "This has been sent and is no draft any more" },
  segment_changed: { status: 409, title: "There are more people in the segment by now" },
  invoice_not_open: { status: 409, title: "This invoice does not wait to be paid" },
  not_refundable: { status: 409, title: "Nothing of this invoice can be paid back" },
  refund_too_large: { status: 403, title: "More than you may pay back" },
  hold_closed: { status: 409, title: "The hold is closed" },
  hold_exceeded: { status: 422, title: "More than the hold" },
  not_yourself: { status: 409, title: "That is yourself" },
  staff_code_required: { status: 403, title: "Enter the code that was mailed to you first" },
  staff_code_wrong: { status: 422, title: "That is not the code" },
  staff_code_over: { status: 410, title: "This code has expired or was tried too often" },
  job_running: { status: 409, title: "A worker has this job" },
  job_needed: { status: 409, title: "What this job is to do would be lost with it" },
  mail_verified: { status: 409, title: "This address is confirmed already" },
  mail_not_kept: { status: 409, title: "This mail's text was not kept" },
  mail_not_failed: { status: 409, title: "This mail was sent, or waits to be" },
  last_owner: { status: 409, title: "The site needs an owner" },
  run_over: { status: 409, title: "The run is over" },
  not_continuable: { status: 409, title: "Nothing of this run can be gone on with" },
  run_canceled: { status: 410, title: "The run was cancelled" },
  welcome_decided: { status: 409, title: "Somebody has decided this welcome" },
  nothing_to_report: { status: 409, title: "There is no result to report" },
  report_decided: { status: 409, title: "Somebody has decided this report" },
  report_not_looked: { status: 403, title: "Open the result first" },
  tool_off: { status: 403, title: "This tool is switched off for now" },
  tool_changed: { status: 409, title: "Somebody has changed this tool meanwhile" },
  tool_not_configured: { status: 409, title: "This tool is not configured" },
  upload_unsupported: { status: 422, title: "This type of file is not supported" },
  upload_too_large: { status: 413, title: "The file is too large" },
  upload_in_use: { status: 409, title: "A run is using this file" },
  upload_corrupt: { status: 422, title: "The file is damaged" },
  storage_full: { status: 413, title: "Your storage is full" },
  signature_invalid: { status: 400, title: "The signature is missing, wrong or too old" },
  already_subscribed: { status: 409, title: "There is a subscription already" },
  not_subscribed: { status: 409, title: "There is no subscription" },
  price_changed: { status: 409, title: "The price has changed" },
  plan_unchanged: { status: 409, title: "That is the plan already" },
  change_pending: { status: 409, title: "Another change of the plan waits to be paid or takes effect first" },
  currency_fixed: { status: 409, title: "The subscription is in another currency" },
  payment_failed: { status: 402, title: "The payment failed" },
  card_missing: { status: 409, title: "There is no card to charge" },
  account_flagged: { status: 409, title: "A payment was disputed; write to us" },
  not_for_sale: { status: 409, title: "This is not sold any more" },
  draft_stale: { status: 409, title: "Somebody else saved or published meanwhile" },
  payments_off: { status: 409, title: "This site takes no payments" },
  payments_unreachable: { status: 503, title: "The payment service cannot be reached" },
  plan_required: { status: 403, title: "The plan does not include this" },
  rate_limited: { status: 429, title: "Too many requests" },
  busy: { status: 503, title: "Busy, try again in a moment" },
  misdirected: { status: 421, title: "Set BASE_URL to serve this address" },
} as const satisfies Record<string, { status: number; title: string }>;

export type RefusalCode = keyof typeof refusals;

/** Whatever else goes wrong: not a refusal. */
export const fault = { code: "internal", status: 500, title: "A fault on our side" } as const;

/** Every code that a problem may have. */
export type ProblemCode = RefusalCode | typeof fault.code;

/** Facts go into the problem JSON as they are, so they hold only what its reader may know. */
export type Facts = Record<string, string | number | boolean | null | readonly FieldError[]>;
export type FieldError = { path: string; message: string };

export class Refusal extends Error {
  override name = "Refusal";
  readonly code: RefusalCode;
  readonly facts: Facts;

  constructor(code: RefusalCode, facts: Facts = {}) {
    super(code);
    this.code = code;
    this.facts = facts;
  }
}
