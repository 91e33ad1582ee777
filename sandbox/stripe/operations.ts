import { chargeIncludes, chargeOperations } from "./charge";
import { customerOperations } from "./customer";
import { eventOperations } from "./event";
import type { Includes } from "./expand";
import type { Operation } from "./operation";
import { paymentIntentOperations } from "./payment-intent";
import { paymentMethodOperations } from "./payment-method";
import { priceIncludes, priceOperations } from "./price";
import { productOperations } from "./product";
import { refundOperations } from "./refund";
import { setupIntentOperations } from "./setup-intent";
import { webhookEndpointOperations } from "./webhook-endpoint";

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
  ...eventOperations,
  ...webhookEndpointOperations,
];

export const includes: Includes = { ...priceIncludes, ...chargeIncludes };
