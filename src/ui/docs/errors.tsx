import type { RefusalCode } from "#platform/refusal";

/** The errors that a client of the API may meet, in the order of their status, and when to send it again. */

type Again = "no" | "fixed" | "later" | "sameKey";

export const listed = [
  { code: "malformed_request", again: "no" },
  { code: "unauthenticated", again: "no" },
  { code: "key_invalid", again: "no" },
  { code: "insufficient_credits", again: "fixed" },
  { code: "bad_origin", again: "no" },
  { code: "forbidden", again: "no" },
  { code: "mail_unverified", again: "fixed" },
  { code: "plan_required", again: "fixed" },
  { code: "scope_missing", again: "no" },
  { code: "not_found", again: "no" },
  { code: "method_not_allowed", again: "no" },
  { code: "external_id_taken", again: "no" },
  { code: "hold_closed", again: "no" },
  { code: "idempotency_conflict", again: "no" },
  { code: "run_over", again: "no" },
  { code: "tool_not_configured", again: "fixed" },
  { code: "upload_in_use", again: "later" },
  { code: "payload_too_large", again: "no" },
  { code: "storage_full", again: "fixed" },
  { code: "upload_too_large", again: "no" },
  { code: "unsupported_media_type", again: "no" },
  { code: "hold_exceeded", again: "no" },
  { code: "invalid_request", again: "no" },
  { code: "upload_corrupt", again: "no" },
  { code: "upload_unsupported", again: "no" },
  { code: "rate_limited", again: "later" },
  { code: "busy", again: "sameKey" },
] as const satisfies readonly { code: RefusalCode; again: Again }[];
