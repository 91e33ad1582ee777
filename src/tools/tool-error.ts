import { ModelError, ModelsBusy, type ModelUse } from "#models";
import { Interruption } from "./interruption";
import { type ToolErrorCode, toolErrorCodes } from "./names";

/**
 * A tool's own no: the file is damaged, the time is up. It ends the run, gives everything held back and is
 * never retried. People read the text of the code, from the i18n namespace `toolErrors`.
 */
export class ToolError extends Error {
  override name = "ToolError";
  readonly code: ToolErrorCode;
  /** What a model was used for before it went wrong: it costs all the same. */
  readonly model: ModelUse | undefined;

  /** @param message for the operator's log and the API, in English; never shown instead of the code's text. */
  constructor(code: ToolErrorCode, message: string, model?: ModelUse) {
    super(message);
    this.code = code;
    this.model = model;
  }
}

export function isToolErrorCode(code: string): code is ToolErrorCode {
  return toolErrorCodes.some((known) => known === code);
}

/** A model's no as a tool's; that none has time as what puts the run off; anything else as it is. */
export function modelFault(error: unknown): unknown {
  if (error instanceof ModelsBusy) return new Interruption("busy");
  return error instanceof ModelError ? new ToolError(`model_${error.code}`, error.message, error.use) : error;
}
