import { ConfigError } from "./config";

/** Sentences for the person at the terminal; the log is for machines. On stderr, beside a command's output. */
export function say(...lines: string[]): void {
  process.stderr.write(`${lines.join("\n")}\n`);
}

/** "1 account", "2 accounts". */
export function counted(count: number | bigint, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 || count === 1n ? one : many}`;
}

/** A failure whose message tells the operator what to do: printed without a stack, exit code 1. */
export class OperatorError extends Error {
  override name = "OperatorError";
}

/** What the operator can mend is said in a sentence, everything else with its stack. */
export function tell(error: unknown): void {
  say(explain(error));
}

function explain(error: unknown): string {
  if (error instanceof OperatorError || error instanceof ConfigError) return error.message;
  if (!(error instanceof Error)) return String(error);
  // Drizzle's message is the whole statement; what went wrong is in its cause.
  return String(error.cause instanceof Error ? error.cause.stack : error.stack);
}
