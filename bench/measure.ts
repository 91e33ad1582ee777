/** How fast something is when so many callers ask for it, each again as soon as it was answered. */

export type Figures = {
  /** Answers per second. */
  perSecond: number;
  /** Latencies in ms. */
  p50: number;
  p99: number;
};

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
