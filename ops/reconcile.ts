import { reconcileNow } from "#insight";
import { withDatabase } from "#platform/database-server";
import { counted } from "#platform/terminal";

export const usage = "reconcile";
export const summary = "prove that every account's entries, lots and holds agree; exits 1 when they do not";

export async function run(): Promise<number> {
  const started = performance.now();
  const { findings, count, accounts, entries, asOf } = await withDatabase(() => reconcileNow());
  for (const finding of findings) console.log(JSON.stringify(finding, printable));
  if (count > findings.length) console.log(`… and ${count - findings.length} more.`);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(
    `${counted(count, "difference")} at ${asOf.toISOString()}: ` +
      `${counted(accounts, "account")}, ${counted(entries, "entry", "entries")}, ${seconds} s.`,
  );
  return count === 0 ? 0 : 1;
}

function printable(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? String(value) : value;
}
