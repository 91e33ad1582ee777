import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { setEnvironment } from "#platform/config";
import { OperatorError, say } from "#platform/terminal";
import { type Report, torture } from "./torture/torture";

export const usage = "torture";
export const summary =
  "kill processes and PostgreSQL under load and prove that no command is lost or doubled";

const options = {
  operations: { type: "string", default: "20000" },
  clients: { type: "string", default: "2" },
  lanes: { type: "string", default: "16" },
  apis: { type: "string", default: "2" },
  workers: { type: "string", default: "1" },
  accounts: { type: "string", default: "2000" },
  seed: { type: "string" },
} as const;

/** @returns 1 when something does not agree; its folder is then kept. */
export async function run(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...args], options });
  // Connections that were cut are what it is about: nothing to warn of.
  setEnvironment("LOG_LEVEL", "fatal");
  const folder = mkdtempSync(join(tmpdir(), "toolmint-torture-"));
  chmodSync(folder, 0o755);
  const report = await torture({
    folder,
    operations: whole("operations", values.operations),
    clients: whole("clients", values.clients),
    lanes: whole("lanes", values.lanes),
    apis: whole("apis", values.apis),
    workers: whole("workers", values.workers),
    accounts: whole("accounts", values.accounts),
    seed: values.seed === undefined ? Date.now() % 1_000_000 : whole("seed", values.seed),
    progress: say,
  });
  print(report);
  if (report.contradictions.length === 0) rmSync(folder, { recursive: true, force: true });
  else console.log(`The database, the records and the logs are in ${folder}.`);
  return report.contradictions.length === 0 ? 0 : 1;
}

function whole(name: string, text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new OperatorError(`--${name}: a whole number from 1 on, not "${text}".`);
}

function print({ operations, seconds, seed, damage, fates, contradictions }: Report): void {
  console.log(
    `${operations} operations in ${Math.round(seconds)} s, ${Math.round(operations / seconds)} a second, seed ${seed}.`,
  );
  for (const [what, count] of Object.entries(damage)) console.log(`  ${String(count).padStart(8)} ${what}`);
  for (const [what, count] of Object.entries(fates)) console.log(`  ${String(count).padStart(8)} ${what}`);
  for (const { what, count, examples } of contradictions) {
    console.log(`WRONG: ${count} × ${what}: ${examples.join("; ")}`);
  }
  if (contradictions.length === 0) {
    console.log(
      "Every acknowledged command stands exactly once, no other twice; reconcile finds nothing; no hold is open.",
    );
  }
}
