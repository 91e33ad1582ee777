import type { Cost } from "./costs";
import type { Goal, Results } from "./goals";
import type { Figures } from "./measure";

/** What was measured, as Markdown. */

export type Machine = {
  at: string;
  processor: string;
  cores: number;
  memoryGb: number;
  node: string;
  postgres: string;
  settings: Record<string, string>;
};
/** Bytes on disk of what each charge writes, with its indexes. */
export type Sizes = { charges: number; entryBytes: number; commandBytes: number };
export type Report = Results & {
  machine: Machine;
  quick: boolean;
  goals: Goal[];
  costs: Cost[];
  sizes: Sizes;
};

export function markdown({ machine, quick, goals, charges, http, growth, costs, sizes }: Report): string {
  const parts = [
    `${machine.cores} x ${machine.processor}, ${machine.memoryGb} GB, Node ${machine.node}, PostgreSQL ` +
      `${machine.postgres} on the same machine, ${machine.at.slice(0, 10)}. ` +
      `${Object.entries(machine.settings)
        .map(([name, value]) => `${name} ${value}`)
        .join(", ")}.${quick ? " A quick run: one short round of each." : ""}`,
    section("Goals", [
      ["goal", "measured", ""],
      ["---", "--:", "---"],
      ...goals.map(({ goal, got, reached }) => [
        goal,
        got ?? "",
        reached === null ? "not measured" : reached ? "reached" : "**not reached**",
      ]),
    ]),
    charges.length > 0 &&
      section("Throughput and latency", [
        ["", "accounts", "callers", "system", "pool", "per second", "p50 ms", "p99 ms"],
        ["---", "---", "--:", "---", "--:", "--:", "--:", "--:"],
        ...charges.map((one) => [
          ...[one.what, one.target, `${one.callers}`, one.system, one.pool > 0 ? `${one.pool}` : ""],
          ...cells(one),
        ]),
      ]),
    http.length > 0 &&
      section("Through HTTP, 64 connections in all", [
        ["", "accounts", "processes", "requests per second", "p50 ms", "p99 ms"],
        ["---", "---", "--:", "--:", "--:", "--:"],
        ...http.map((one) => [one.what, one.target ?? "", `${one.processes}`, ...cells(one)]),
      ]),
    growth.length > 0 &&
      section("Processes on one PostgreSQL, 512 callers in all", [
        ["accounts", "processes", "charges per second", "p50 ms", "p99 ms"],
        ["---", "--:", "--:", "--:", "--:"],
        ...growth.map((one) => [one.target, `${one.processes}`, ...cells(one)]),
      ]),
    costs.length > 0 &&
      section("Where the time goes, for each", [
        ["", "callers", "Node µs", "PostgreSQL µs", "WAL bytes", "share a commit", "HOT updates"],
        ["---", "--:", "--:", "--:", "--:", "--:", "--:"],
        ...costs.map((cost) => [
          ...[cost.what, `${cost.callers}`, cost.nodeMicros.toFixed(0)],
          ...[cost.postgresMicros?.toFixed(0) ?? "", cost.walBytes.toFixed(0), cost.perCommit.toFixed(1)],
          `${(100 * cost.hotShare).toFixed(0)} %`,
        ]),
      ]),
    sizes.charges > 0 &&
      `On disk, with its indexes: ${sizes.entryBytes.toFixed(0)} bytes of entry and ` +
        `${sizes.commandBytes.toFixed(0)} bytes of command for each of ${sizes.charges.toLocaleString("en")}.`,
  ];
  return `${parts.filter((part) => part !== false).join("\n\n")}\n`;
}

function section(title: string, rows: readonly string[][]): string {
  return [`### ${title}`, "", ...rows.map((cells) => `| ${cells.join(" | ")} |`)].join("\n");
}

function cells({ perSecond, p50, p99 }: Figures): string[] {
  return [Math.round(perSecond).toLocaleString("en"), p50.toFixed(1), p99.toFixed(1)];
}
