import "#server-only";

export { type ActFilter, type ActView, eachAct, listActs } from "./acts";
export { type Money, readMoney } from "./money";
export {
  lastReconciliations,
  listReconciliations,
  type Reconciliation,
  reconcileNow,
  requestReconciliation,
  tasks,
} from "./reconciliation";
