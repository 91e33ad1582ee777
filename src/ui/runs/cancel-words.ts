import type { Run } from "./run";

/** How a run's tool is paid when it is cancelled midway. */
export type CancelTerms = {
  /** What it wrote until then stays, and is paid. */
  streaming: boolean;
  /** Its price is the same however much came. */
  fixedPrice: boolean;
};

/** What the button to cancel says, in `runs.view`: what it costs stands there before it is pressed. */
export function cancelWords({ held, status }: Pick<Run, "held" | "status">, terms: CancelTerms) {
  if (held === 0) return "cancelFree";
  if (!terms.streaming || status !== "running") return "cancel";
  return terms.fixedPrice ? "cancelWhole" : "cancelStream";
}
