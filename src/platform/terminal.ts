/** Sentences for the person at the terminal; the log is for machines. On stderr, beside a command's output. */
export function say(...lines: string[]): void {
  process.stderr.write(`${lines.join("\n")}\n`);
}

/** A failure whose message tells the operator what to do: printed without a stack, exit code 1. */
export class OperatorError extends Error {
  override name = "OperatorError";
}
