import "#server-only";

export { type Adjustment, adjustCredits, previewAdjustment } from "./adjustment";
export { type Redemption, redeemCode } from "./code";
export { type BatchView, createCodes, endBatch, listBatches, makeCodes, type NewCodes } from "./code-batch";
export {
  type GiftLimits,
  type GiftRest,
  type GiftView,
  giveGift,
  listGifts,
  previewGift,
  requireGift,
  type Segment,
  undoGift,
} from "./gift";
export { noteCharge } from "./notice";
export {
  type FirstInvoice,
  openReferralLink,
  type ReferralView,
  readReferrals,
  reverseReferral,
  rewardReferral,
} from "./referral";
export { readNextRefill, refillFree } from "./refill";
export { carryDue, carryLater, type Rollover } from "./rollover";
export { creditTasks } from "./tasks";
export {
  type Choosable,
  choosable,
  chooseMails,
  type MailChoices,
  readMailChoices,
  readUnsubscribeToken,
  unsubscribe,
  unsubscribeLink,
} from "./unsubscribe";
