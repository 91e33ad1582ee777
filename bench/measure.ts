/** How fast something is when so many callers ask for it, each again as soon as it was answered. */

export type Figures = {
  /** Answers per second. */
  perSecond: number;
  /** Latencies in ms. */
  p50: number;
  p99: number;
};

/** How long, and how often: `probe` is the time given to each pool size that is tried, in seconds. */
export type Plan = { seconds: number; rounds: number; probe: number };

export type System = { ask: () => Promise<unknown>; close: () => Promise<void> };

/** Something to measure, opened with the pool size, of several, that serves best. */
export type Candidate = { system: string; sizes: readonly number[]; open: (size: number) => System };

export type Measured = Figures & { system: string; pool: number };

/**
 * Measures candidates beside each other: rounds are interleaved, so that a busy moment of the machine hits
 * all of them. @returns the medians, in the candidates' order
 */
export async function compare(
  candidates: readonly Candidate[],
  { callers, plan }: { callers: number; plan: Plan },
): Promise<Measured[]> {
  const opened = [];
  for (const candidate of candidates) {
    const pool = await bestSize(candidate, { callers, seconds: plan.probe });
    opened.push({ ...candidate.open(pool), pool, system: candidate.system, figures: [] as Figures[] });
  }
  for (let round = 0; round < plan.rounds; round += 1) {
    for (const { ask, figures } of opened)
      figures.push(await measure(ask, { callers, seconds: plan.seconds }));
  }
  for (const { close } of opened) await close();
  return opened.map(({ system, pool, figures }) => ({ system, pool, ...median(figures) }));
}

async function bestSize({ sizes, open }: Candidate, load: { callers: number; seconds: number }) {
  let best = { size: sizes[0] ?? 1, perSecond: 0 };
  for (const size of sizes.length > 1 ? sizes : []) {
    const { ask, close } = open(size);
    const { perSecond } = await measure(ask, load);
    await close();
    if (perSecond > best.perSecond) best = { size, perSecond };
  }
  return best.size;
}

export async function measure(
  ask: () => Promise<unknown>,
  { callers, seconds }: { callers: number; seconds: number },
): Promise<Figures> {
  await callFor(ask, callers, Math.min(1, seconds / 4));
  const started = performance.now();
  const latencies = await callFor(ask, callers, seconds);
  const elapsed = (performance.now() - started) / 1000;
  latencies.sort((a, b) => a - b);
  return {
    perSecond: latencies.length / elapsed,
    p50: quantile(latencies, 0.5),
    p99: quantile(latencies, 0.99),
  };
}

async function callFor(ask: () => Promise<unknown>, callers: number, seconds: number): Promise<number[]> {
  const latencies: number[] = [];
  const end = performance.now() + seconds * 1000;
  const caller = async () => {
    while (performance.now() < end) {
      const asked = performance.now();
      await ask();
      latencies.push(performance.now() - asked);
    }
  };
  await Promise.all(Array.from({ length: callers }, caller));
  return latencies;
}

function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

/** The figures of the round with the median throughput. */
export function median(rounds: readonly Figures[]): Figures {
  const sorted = [...rounds].sort((a, b) => a.perSecond - b.perSecond);
  const middle = sorted[Math.floor(sorted.length / 2)];
  if (!middle) throw new Error("Nothing was measured.");
  return middle;
}
