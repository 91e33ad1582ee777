export * from "./api-keys";
export * from "./audit";
export * from "./billing";
export * from "./identity";
export * from "./insight";
export * from "./ledger";
export * from "./platform";
export * from "./tools";
