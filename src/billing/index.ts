import "#server-only";

export type { SubscriptionStatus } from "./access";
export { type CatalogueSync, countUnsynced, syncCatalogue } from "./catalogue-sync";
export { type Check, checkAll, type Difference } from "./check";
export {
  beginCheckout,
  type CheckoutOutcome,
  type CheckoutRequest,
  openPortal,
  readCheckout,
} from "./checkout";
export { type Draft, discardDraft, publishDraft, readDraft, retrySync, type Seen, saveDraft } from "./draft";
export { type Effect, effectsOf, listSyncStates, type SyncState } from "./effects";
export { receiveEvent } from "./event";
export {
  type EventView,
  eventStatuses,
  listEvents,
  readPayload,
  replayEvent,
  replayEvents,
  replayFailed,
  requireEvent,
} from "./event-log";
export { findPayment, type InvoiceView, listInvoices, type Payment } from "./invoice";
export { previewRetry, type RetryPreview, retryPayment } from "./invoice-payment";
export { type Overview, readOverview } from "./overview";
export { type PayForm, readPayForm } from "./pay-form";
export { changePlanOf, endPlanOf, type PlanStanding, readPlanStanding, resumePlanOf } from "./plan-act";
export {
  type ChangeOutcome,
  type ChangePreview,
  cancelSubscription,
  changePlan,
  previewChange,
  resumeSubscription,
} from "./plan-change";
export { countOfOtherMode, countUnknown } from "./play-money";
export { seedPrices } from "./price";
export {
  endPromotion,
  listPromotions,
  makePromotion,
  type NewPromotion,
  type Promotion,
} from "./promotion";
export { previewRefund, type RefundPreview, type RefundWish, refundInvoice } from "./refund";
export { connectStripe, type StripeConnection, sells, takesRealMoney } from "./stripe";
export type { ActOn, StripeOutcome } from "./stripe-act";
export { tasks } from "./tasks";
export { changeTopUp } from "./top-up";
