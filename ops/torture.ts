import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { setEnvironment } from "#platform/config";
import { OperatorError, say, tell } from "#platform/terminal";
import { type Report, type Torture, torture } from "./torture/torture";

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
  "calm-ms": { type: "string", default: "1400" },
  seed: { type: "string" },
} as const;

/** Ends this process: with 1 when something does not agree, or it broke off. Its folder is then kept. */
export async function run(args: readonly string[]): Promise<never> {
  const orders = readOrders(args);
  // Connections that were cut are what it is about: nothing to warn of.
  setEnvironment("LOG_LEVEL", "fatal");
  const folder = mkdtempSync(join(tmpdir(), "toolmint-torture-"));
  chmodSync(folder, 0o755);
  const agrees = await torture({ ...orders, folder, progress: say }).then(print, (error: unknown) => {
    tell(error);
    return false;
  });
  if (agrees) rmSync(folder, { recursive: true, force: true });
  else console.log(`The database, the records and the logs are in ${folder}.`);
  // What is broken may wait for ever for an answer, and keep the process.
  process.exit(agrees ? 0 : 1);
}

function readOrders(args: readonly string[]): Omit<Torture, "folder" | "progress"> {
  const { values } = parseArgs({ args: [...args], options });
  return {
    operations: whole("operations", values.operations),
    clients: whole("clients", values.clients),
    lanes: whole("lanes", values.lanes),
    apis: whole("apis", values.apis),
    workers: whole("workers", values.workers),
    accounts: whole("accounts", values.accounts),
    calmMs: whole("calm-ms", values["calm-ms"]),
    seed: values.seed === undefined ? Date.now() % 1_000_000 : whole("seed", values.seed),
  };
}

function whole(name: string, text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new OperatorError(`--${name}: a whole number from 1 on, not "${text}".`);
}

/** @returns whether all agrees. */
function print({ operations, seconds, seed, damage, fates, contradictions }: Report): boolean {
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
  return contradictions.length === 0;
}
