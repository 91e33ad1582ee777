import "#server-only";

export { type CustomerAccess, readCustomerAccess } from "./access";
export { type ActFilter, type ActView, eachAct, listActs } from "./acts";
export { type Customer, type CustomerFilter, eachCustomer, findCustomer, listCustomers } from "./customers";
export { findLotPayment, type Money, moneySchema, readMoney } from "./money";
export { type NamedNeed, needNames, readNeeds } from "./needs";
export {
  type CustomerPayment,
  type CustomerPlan,
  listPayments,
  readCustomerPlan,
} from "./payments";
export {
  lastReconciliations,
  listReconciliations,
  type Reconciliation,
  type ReconciliationSummary,
  reconcileNow,
  requestReconciliation,
  tasks,
} from "./reconciliation";
export { type Happening, readTimeline } from "./timeline";
export { type Days, readToday, type Span } from "./today";
