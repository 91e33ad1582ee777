import { reconcile } from "#ledger";
import { withDatabase } from "#platform/database-server";
import { db } from "#platform/db";

export const usage = "reconcile";
export const summary = "prove that every account's entries, lots and holds agree; exits 1 when they do not";

export async function run(): Promise<number> {
  const findings = await withDatabase(() => reconcile(db()));
  for (const finding of findings) console.log(JSON.stringify(finding, printable));
  console.log(findings.length === 0 ? "The ledger agrees with itself." : `${findings.length} findings.`);
  return findings.length === 0 ? 0 : 1;
}

function printable(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? String(value) : value;
}
