import "#server-only";

export { type Cohort, readCohorts } from "./cohorts";
export { readMetric } from "./read";
export { rebuild } from "./rollup";
export { rollups } from "./rollups";
export { readScope } from "./scope";
export { tasks } from "./tasks";
