import { chargeIncludes, chargeOperations } from "./charge";
import { checkoutIncludes, checkoutOperations } from "./checkout-session";
import { clockOperations } from "./clock";
import { couponIncludes, couponOperations } from "./coupon";
import { customerOperations } from "./customer";
import { disputeOperations, watchDisputes } from "./dispute";
import { eventOperations } from "./event";
import type { Includes } from "./expand";
import { invoiceItemOperations } from "./invoice-item";
import { invoiceIncludes, invoiceOperations, watchInvoices } from "./invoice-operations";
import type { Operation } from "./operation";
import { paymentIntentOperations } from "./payment-intent-operations";
import { paymentMethodOperations } from "./payment-method";
import { portalOperations } from "./portal";
import { previewOperations } from "./preview";
import { priceIncludes, priceOperations } from "./price";
import { productOperations } from "./product";
import { promotionCodeOperations } from "./promotion-code";
import { refundOperations } from "./refund";
import { scheduleOperations } from "./schedule";
import { setupIntentOperations } from "./setup-intent";
import { subscriptionIncludes, subscriptionOperations } from "./subscription-operations";
import { watchSubscriptions } from "./subscription-watch";
import { webhookEndpointOperations } from "./webhook-endpoint";
import type { World } from "./world";

/** Everything the API does. */
export const operations: Operation[] = [
  ...customerOperations,
  ...productOperations,
  ...priceOperations,
  ...paymentMethodOperations,
  ...setupIntentOperations,
  ...paymentIntentOperations,
  ...chargeOperations,
  ...refundOperations,
  ...disputeOperations,
  ...couponOperations,
  ...promotionCodeOperations,
  ...invoiceItemOperations,
  ...previewOperations,
  ...invoiceOperations,
  ...subscriptionOperations,
  ...scheduleOperations,
  ...checkoutOperations,
  ...portalOperations,
  ...clockOperations,
  ...eventOperations,
  ...webhookEndpointOperations,
];

export const includes: Includes = {
  ...priceIncludes,
  ...chargeIncludes,
  ...invoiceIncludes,
  ...subscriptionIncludes,
  ...checkoutIncludes,
  ...couponIncludes,
};

/** How objects follow each other. */
export function watchAll(world: World): void {
  watchInvoices(world);
  watchSubscriptions(world);
  watchDisputes(world);
}
