import type { GrowthResult } from "./growth";
import type { HttpResult } from "./http";
import type { Measured } from "./measure";
import type { Target } from "./systems";

/** What the ledger should reach, and whether it did. */

export type ChargeResult = Measured & {
  what: "charge" | "hold and capture";
  target: Target;
  callers: number;
};
export type Results = { charges: ChargeResult[]; http: HttpResult[]; growth: GrowthResult[] };
/** A goal that was not measured in this run has no figure. */
export type Goal = { goal: string; got: string | null; reached: boolean | null };

export function judge({ charges, http }: Results): Goal[] {
  const find = (system: string, what: ChargeResult["what"], target: Target, callers: number) =>
    charges.find(
      (one) => one.system === system && one.what === what && one.target === target && one.callers === callers,
    );
  /** Throughput against a baseline's. */
  const times = (
    least: number,
    baseline: string,
    target: Target,
    callers: number,
    what: ChargeResult["what"] = "charge",
  ) =>
    ratio(
      `${what}, ${target}, ${callers} callers: ${least}x ${baseline}`,
      find("ours", what, target, callers)?.perSecond,
      find(baseline, what, target, callers)?.perSecond,
      (got) => got >= least,
      "x",
    );
  const latency = (target: Target): Goal[] => [
    ratio(
      `${target}: p99 at 64 callers below the starters' p50`,
      find("ours", "charge", target, 64)?.p99,
      find("starters", "charge", target, 64)?.p50,
      (got) => got < 1,
      "x",
    ),
    ratio(
      `${target}: a lone caller's p50 at most 1.1x the starters'`,
      find("ours", "charge", target, 1)?.p50,
      find("starters", "charge", target, 1)?.p50,
      (got) => got <= 1.1,
      "x",
    ),
    ratio(
      `${target}: with 10 % repeated keys more than 0.75x the throughput`,
      find("ours, 10 % repeated", "charge", target, 512)?.perSecond,
      find("ours", "charge", target, 512)?.perSecond,
      (got) => got > 0.75,
      "x",
    ),
  ];
  const constant = http.find(({ what }) => what === "constant")?.perSecond;
  const throughHttp = (target: Target) =>
    ratio(
      `HTTP, ${target}, 64 connections: at least 0.2x a constant answer`,
      http.find((one) => one.target === target && one.processes === 1)?.perSecond,
      constant,
      (got) => got >= 0.2,
      "x",
    );
  return [
    times(8, "starters", "spread", 64),
    times(12, "starters", "spread", 512),
    times(60, "starters", "hot", 512),
    times(20, "per-request", "hot", 64),
    times(20, "per-request", "hot", 512),
    times(6, "starters", "spread", 512, "hold and capture"),
    times(40, "starters", "hot", 512, "hold and capture"),
    ...latency("spread"),
    ...latency("hot"),
    throughHttp("spread"),
    throughHttp("hot"),
  ];
}

function ratio(
  goal: string,
  ours: number | undefined,
  theirs: number | undefined,
  reaches: (got: number) => boolean,
  unit: string,
): Goal {
  if (ours === undefined || theirs === undefined) return { goal, got: null, reached: null };
  const got = ours / theirs;
  return { goal, got: `${got.toFixed(got < 10 ? 2 : 1)}${unit}`, reached: reaches(got) };
}
