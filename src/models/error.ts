import type { ModelUse } from "./cost";

/**
 * `refused`: the model will not answer this; another would perhaps. `unavailable`: none could be asked.
 * `empty`: it answered, and said nothing. `too_large`: what it would read and write is more than any takes.
 * `broke_off`: it began and did not end, and what came was passed on already.
 */
export type ModelErrorCode = "refused" | "empty" | "unavailable" | "too_large" | "broke_off";

export class ModelError extends Error {
  override name = "ModelError";
  readonly code: ModelErrorCode;
  /** What it cost all the same. */
  readonly use: ModelUse | undefined;

  constructor(code: ModelErrorCode, message: string, use?: ModelUse) {
    super(message);
    this.code = code;
    this.use = use;
  }
}

/** All that could be asked had as much to do as they may, for longer than was to be waited. Nothing was passed on. */
export class ModelsBusy extends Error {
  override name = "ModelsBusy";
}
