import "#server-only";

export { findAccount, type Owner, openAccount } from "./account";
export { applyCommands } from "./apply";
export { type Balance, type Lot, readBalance } from "./balance";
export type { EntryKind, HoldStatus } from "./book";
export type { AccountId, Command, GrantId, HoldId, Outcome, Reference, Source, Verb } from "./command";
