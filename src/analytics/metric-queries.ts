import type { MetricName } from "./catalogue";
import type { MetricQuery } from "./metric-query";
import { signups } from "./user-queries";

/** Each metric's query, and the roll-up that it reads. */
export const metricQueries: Record<MetricName, { rollup: string; query: MetricQuery }> = {
  signups: { rollup: "registration_days", query: signups },
};
