/** Why an attempt ends before its tool has: what the signal of a tool in the worker fires with. */
export class Interruption extends Error {
  override name = "Interruption";
  /** `stopping`: the worker stops, and the run begins anew elsewhere. `superseded`: another attempt has it. */
  readonly why: "canceled" | "superseded" | "unpaid" | "stopping";

  constructor(why: Interruption["why"]) {
    super(why);
    this.why = why;
  }
}
