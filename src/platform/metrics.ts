import "#server-only";
import { Counter, collectDefaultMetrics, Histogram, Registry } from "prom-client";
import { singleton } from "./singleton";

/** This process's figures for Prometheus: its own (memory, event loop), and what the domains count in it. */

type Metrics = { registry: Registry; ledgerBatch: Histogram; ledgerRefused: Counter };

/** What the domains count. */
export function metrics(): Metrics {
  return singleton<Metrics>("metrics").once(() => {
    const registry = new Registry();
    const registers = [registry];
    return {
      registry,
      ledgerBatch: new Histogram({
        ...{ name: "toolmint_ledger_batch_commands", registers },
        help: "How many commands a transaction of the ledger's batcher settled.",
        buckets: [1, 2, 5, 10, 25, 50, 100, 250, 500],
      }),
      ledgerRefused: new Counter({
        ...{ name: "toolmint_ledger_refused_total", registers },
        help: "How many commands were turned away because the queue was full.",
      }),
    };
  });
}

/** The same with the process's own, watched from the first time that somebody asks. */
export function processMetrics(): Metrics {
  return singleton<Metrics>("metrics.process").once(() => {
    collectDefaultMetrics({ register: metrics().registry });
    return metrics();
  });
}
