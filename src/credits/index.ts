import "#server-only";

export { type Adjustment, adjustCredits, previewAdjustment } from "./adjustment";
export { createCodes, type NewCodes, type Redemption, redeemCode } from "./code";
export {
  type FirstInvoice,
  type ReferralView,
  readReferrals,
  reverseReferral,
  rewardReferral,
} from "./referral";
export { refillFree } from "./refill";
export { carryDue, carryLater, type Rollover } from "./rollover";
export { creditTasks } from "./tasks";
