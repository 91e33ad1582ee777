/**
 * A tool's own no: the file is damaged, the time is up. It ends the run, gives everything held back and is
 * never retried. People read the text of the code, from the i18n namespace `toolErrors`.
 */
export const toolErrorCodes = [
  "file_unsupported",
  "file_corrupt",
  "file_encrypted",
  "too_large",
  "too_many_pixels",
  "too_many_pages",
  "unpacks_too_large",
  "nothing_found",
  "timed_out",
  "out_of_memory",
  "crashed",
  "not_configured",
  "model_unavailable",
  "model_refused",
  "model_broke_off",
] as const;

export type ToolErrorCode = (typeof toolErrorCodes)[number];

export class ToolError extends Error {
  override name = "ToolError";
  readonly code: ToolErrorCode;

  /** @param message for the operator's log and the API, in English; never shown instead of the code's text. */
  constructor(code: ToolErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

export function isToolErrorCode(code: string): code is ToolErrorCode {
  return toolErrorCodes.some((known) => known === code);
}
