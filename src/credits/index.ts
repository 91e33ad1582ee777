import "#server-only";

export { type Adjustment, adjustCredits, previewAdjustment } from "./adjustment";
export { createCodes, type NewCodes, redeemCode, type Redemption } from "./code";
export { refillFree } from "./refill";
export { carryDue, carryLater, type Rollover } from "./rollover";
export { creditTasks } from "./tasks";
