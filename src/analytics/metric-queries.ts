import type { MetricName } from "./catalogue";
import * as credits from "./credit-queries";
import * as margin from "./margin-queries";
import type { MetricQuery } from "./metric-query";
import * as money from "./money-queries";
import * as product from "./product-queries";
import * as technical from "./technical-queries";
import * as users from "./user-queries";

/** Each metric's query, and the roll-up that it reads. */
export const metricQueries: Record<MetricName, { rollup: string; query: MetricQuery }> = {
  signups: { rollup: "registration_days", query: users.signups },
  activation: { rollup: "registration_days", query: users.activation },
  active: { rollup: "active_days", query: users.active },
  stickiness: { rollup: "active_days", query: users.stickiness },
  resurrected: { rollup: "active_days", query: users.resurrected },
  mrr: { rollup: "mrr_days", query: money.mrr },
  mrrMovements: { rollup: "mrr_days", query: money.mrrMovements },
  arr: { rollup: "mrr_days", query: money.arr },
  payingCustomers: { rollup: "mrr_days", query: money.payingCustomers },
  arpu: { rollup: "mrr_days", query: money.arpu },
  ltv: { rollup: "mrr_days", query: money.ltv },
  netRetention: { rollup: "mrr_months", query: money.netRetention },
  revenueChurn: { rollup: "mrr_days", query: money.revenueChurn },
  customerChurn: { rollup: "mrr_days", query: money.customerChurn },
  mrrByPlan: { rollup: "mrr_days", query: money.mrrByPlan },
  mrrByCountry: { rollup: "mrr_days", query: money.mrrByCountry },
  trials: { rollup: "trial_days", query: money.trials },
  trialConversion: { rollup: "trial_days", query: money.trialConversion },
  moneyIn: { rollup: "payment_days", query: money.moneyIn },
  oneTimeSales: { rollup: "payment_days", query: money.oneTimeSales },
  refunds: { rollup: "payment_days", query: money.refunds },
  failedPayments: { rollup: "payment_days", query: money.failedPayments },
  funnel: { rollup: "funnel_days", query: product.funnel },
  toolUsage: { rollup: "active_days", query: product.toolUsage },
  toolRuns: { rollup: "tool_days", query: product.toolRuns },
  runSuccess: { rollup: "tool_days", query: product.runSuccess },
  creditsByTool: { rollup: "credit_days", query: credits.creditsByTool },
  creditsByPlan: { rollup: "credit_days", query: credits.creditsByPlan },
  creditsBySource: { rollup: "credit_days", query: credits.creditsBySource },
  breakage: { rollup: "credit_days", query: credits.breakage },
  revenueByTool: { rollup: "margin_days", query: margin.revenueByTool },
  costByTool: { rollup: "margin_days", query: margin.costByTool },
  costByModel: { rollup: "margin_days", query: margin.costByModel },
  marginByTool: { rollup: "margin_days", query: margin.marginByTool },
  marginByModel: { rollup: "margin_days", query: margin.marginByModel },
  marginByCustomer: { rollup: "margin_months", query: margin.marginByCustomer },
  featureUse: { rollup: "usage_days", query: product.featureUse },
  vainSearches: { rollup: "usage_days", query: product.vainSearches },
  responseTime: { rollup: "response_days", query: technical.responseTime },
  slowestRoutes: { rollup: "response_days", query: technical.slowestRoutes },
  errorRate: { rollup: "response_days", query: technical.errorRate },
  requests: { rollup: "response_days", query: technical.requests },
  uptime: { rollup: "tool_days", query: technical.uptime },
  runDuration: { rollup: "tool_days", query: technical.runDuration },
  queueWait: { rollup: "wait_days", query: technical.queueWait },
};
