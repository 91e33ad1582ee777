/**
 * Why an attempt ends before its tool has: what the signal of a tool in the worker fires with, and what a tool that
 * finds all models busy throws.
 */
export class Interruption extends Error {
  override name = "Interruption";
  /**
   * `stopping`: the worker stops, and the run begins anew elsewhere. `superseded`: another attempt has it.
   * `busy`: no model has time, and the run stands in line again.
   */
  readonly why: "canceled" | "superseded" | "unpaid" | "stopping" | "busy";

  constructor(why: Interruption["why"]) {
    super(why);
    this.why = why;
  }
}
