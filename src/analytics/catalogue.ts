/**
 * Every metric of the back office: where it stands, in which unit, how its days come together, and what it can be
 * filtered by. Their names, definitions and formulas are words: src/i18n/{en,zh}/officeMetrics.json, from which
 * docs/metrics.md is written. Pure; safe in a browser.
 */

export const tabs = ["users", "money", "product", "technical"] as const;
export type Tab = (typeof tabs)[number];

export const grains = ["day", "week", "month"] as const;
export type Grain = (typeof grains)[number];

export const filterNames = ["plan", "currency", "country", "tool"] as const;
export type FilterName = (typeof filterNames)[number];
export type Filters = Partial<Record<FilterName, string>>;

type MetricFacts = {
  tab: Tab;
  /** money: in the smallest unit of the currency that is chosen. share: between 0 and 1. */
  unit: "count" | "money" | "share" | "credits" | "ms";
  /**
   * How days come together: `sum` adds them; `level` is as the last of them stood; `rate` divides what all
   * of them come to by what they are measured against.
   */
  shape: "sum" | "level" | "rate";
  /** Which filters it knows; of others its card says so. */
  filters: readonly FilterName[];
  /** Money in `costCurrency`, whichever is chosen. */
  inCostCurrency?: boolean;
  /** Reckoned for whole months only, whatever is asked for. */
  monthly?: boolean;
  /** After so many days a day's figure changes no more. */
  settlesAfterDays?: number;
  /** Its series are steps of a way, in this order: together they are no number. */
  stages?: readonly string[];
  /** Who is counted in a period is, mostly, who was counted in the one before: together they are no more. */
  sameCases?: boolean;
  /** Measured against each period's begin: of several, their average is told. */
  perPeriod?: boolean;
  /** Its series are codes of countries. */
  ofCountries?: boolean;
  /** Its series are ids of users. */
  ofUsers?: boolean;
};

/** In which models are paid. */
export const costCurrency = "usd";

/** Money of runs. */
const ofRuns = {
  tab: "product",
  unit: "money",
  shape: "sum",
  settlesAfterDays: 2,
  inCostCurrency: true,
} as const;

const money = ["plan", "currency", "country"] as const;

/** Of those who were there at the begin of a period. */
const ofThoseThere = {
  unit: "share",
  shape: "rate",
  filters: money,
  sameCases: true,
  perPeriod: true,
} as const;

/** From a visit to a payment. */
const steps = ["visit", "signup", "verified", "firstRun", "outOfCredits", "paid"] as const;

export const metrics = {
  signups: { tab: "users", unit: "count", shape: "sum", filters: [] },
  activation: { tab: "users", unit: "share", shape: "rate", filters: [], settlesAfterDays: 7 },
  active: { tab: "users", unit: "count", shape: "level", filters: ["tool"] },
  stickiness: { tab: "users", unit: "share", shape: "rate", filters: ["tool"], sameCases: true },
  resurrected: { tab: "users", unit: "count", shape: "sum", filters: [] },
  mrr: { tab: "money", unit: "money", shape: "level", filters: money },
  mrrMovements: { tab: "money", unit: "money", shape: "sum", filters: money },
  arr: { tab: "money", unit: "money", shape: "level", filters: money },
  payingCustomers: { tab: "money", unit: "count", shape: "level", filters: money },
  arpu: { tab: "money", unit: "money", shape: "level", filters: money },
  ltv: { tab: "money", unit: "money", shape: "level", filters: money },
  netRetention: { ...ofThoseThere, tab: "money", monthly: true },
  revenueChurn: { ...ofThoseThere, tab: "money" },
  customerChurn: { ...ofThoseThere, tab: "users" },
  mrrByPlan: { tab: "money", unit: "money", shape: "level", filters: money },
  mrrByCountry: { tab: "money", unit: "money", shape: "level", filters: money, ofCountries: true },
  trials: { tab: "money", unit: "count", shape: "sum", filters: money },
  trialConversion: { tab: "money", unit: "share", shape: "rate", filters: money },
  moneyIn: { tab: "money", unit: "money", shape: "sum", filters: money },
  oneTimeSales: { tab: "money", unit: "money", shape: "sum", filters: money },
  refunds: { tab: "money", unit: "money", shape: "sum", filters: money },
  failedPayments: { tab: "money", unit: "money", shape: "sum", filters: money },
  funnel: { tab: "product", unit: "count", shape: "sum", filters: [], settlesAfterDays: 30, stages: steps },
  toolUsage: { tab: "product", unit: "share", shape: "rate", filters: ["tool"] },
  toolRuns: { tab: "product", unit: "count", shape: "sum", filters: ["tool"] },
  runSuccess: { tab: "product", unit: "share", shape: "rate", filters: ["tool"], settlesAfterDays: 2 },
  creditsByTool: { tab: "product", unit: "credits", shape: "sum", filters: ["tool", "plan"] },
  creditsByPlan: { tab: "product", unit: "credits", shape: "sum", filters: ["tool", "plan"] },
  creditsBySource: { tab: "product", unit: "credits", shape: "sum", filters: ["tool", "plan"] },
  breakage: { tab: "product", unit: "share", shape: "rate", filters: [] },
  revenueByTool: { ...ofRuns, filters: ["tool"] },
  costByTool: { ...ofRuns, filters: ["tool"] },
  costByModel: { ...ofRuns, filters: ["tool"] },
  marginByTool: { ...ofRuns, filters: ["tool"] },
  marginByModel: { ...ofRuns, filters: ["tool"] },
  marginByCustomer: { ...ofRuns, filters: [], monthly: true, ofUsers: true },
  featureUse: { tab: "product", unit: "count", shape: "sum", filters: [] },
  vainSearches: { tab: "product", unit: "count", shape: "sum", filters: [] },
  responseTime: { tab: "technical", unit: "ms", shape: "level", filters: [] },
  slowestRoutes: { tab: "technical", unit: "ms", shape: "level", filters: [] },
  errorRate: { tab: "technical", unit: "share", shape: "rate", filters: [] },
  requests: { tab: "technical", unit: "count", shape: "sum", filters: [] },
  uptime: { tab: "technical", unit: "share", shape: "rate", filters: [] },
  runDuration: { tab: "technical", unit: "ms", shape: "rate", filters: ["tool"], settlesAfterDays: 2 },
  queueWait: { tab: "technical", unit: "ms", shape: "level", filters: [], settlesAfterDays: 2 },
} as const satisfies Record<string, MetricFacts>;

export type MetricName = keyof typeof metrics;

export function isMetric(name: string): name is MetricName {
  return Object.hasOwn(metrics, name);
}

/** What is known of a metric, without its name. */
export function factsOf(name: MetricName): MetricFacts {
  return metrics[name];
}

/** Every metric's name, in the order of the pages. */
export const metricNames: readonly MetricName[] = Object.keys(metrics).filter(isMetric);

/** Fewer cases than this behind a rate say nothing. */
export const fewCases = 20;
