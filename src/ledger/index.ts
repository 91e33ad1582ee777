import "#server-only";

export { findAccount, type Owner, openAccount } from "./account";
export { applyCommands } from "./apply";
export { type Balance, type Lot, readBalance } from "./balance";
export { type EntryKind, type HoldStatus, LedgerFault } from "./book";
export { readBudgets, setCap, spentByKey } from "./budget";
export {
  type AccountId,
  type ApiKeyId,
  type Command,
  type GrantId,
  type HoldId,
  maxCredits,
  type Outcome,
  type Reference,
  type Source,
  type Verb,
} from "./command";
export { smaller } from "./drawdown";
export {
  type Entry,
  type EntryFilter,
  type EntrySums,
  listEntries,
  sumEntries,
  type Usage,
  usageByDay,
} from "./entries";
export { expireLots, expireOverdueHolds, ledgerTasks } from "./expiry";
export { type Hold, listHolds } from "./hold-list";
export { type Finding, inSnapshot, type Proof, prove, reconcile } from "./reconcile";
export { capture, charge, grant, hold, isKnownKey, release, stopLedger, submit } from "./submit";
export { type Trace, traceEntry, traceLot } from "./trace";
