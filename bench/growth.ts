import { type Figures, median, type Plan } from "./measure";
import { startCaller } from "./processes";
import { type Books, type Target, targets } from "./systems";

/** How the ledger grows with processes, each with a batcher of its own, on one PostgreSQL. */

export type GrowthResult = Figures & { target: Target; processes: number };

const callers = 512;
const processCounts = [1, 2, 4];

export async function measureGrowth(books: Books, plan: Plan): Promise<GrowthResult[]> {
  const started = await Promise.all(
    Array.from({ length: Math.max(...processCounts) }, () => startCaller(books)),
  );
  const shots = processCounts.flatMap((processes) =>
    targets.map((target) => ({ target, processes, figures: [] as Figures[] })),
  );
  try {
    for (let round = 0; round < plan.rounds; round += 1) {
      for (const { target, processes, figures } of shots) {
        const order = { target, callers: callers / processes, seconds: plan.seconds };
        figures.push(
          together(await Promise.all(started.slice(0, processes).map((caller) => caller.measure(order)))),
        );
      }
    }
  } finally {
    for (const caller of started) await caller.stop();
  }
  return shots.map(({ target, processes, figures }) => ({ target, processes, ...median(figures) }));
}

/** Percentiles of several processes side by side: the worst of them. */
function together(figures: readonly Figures[]): Figures {
  return {
    perSecond: figures.reduce((sum, { perSecond }) => sum + perSecond, 0),
    p50: Math.max(...figures.map(({ p50 }) => p50)),
    p99: Math.max(...figures.map(({ p99 }) => p99)),
  };
}
