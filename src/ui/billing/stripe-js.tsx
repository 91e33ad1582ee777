/**
 * Stripe.js, the one script of somebody else's that a page may load, and only where the operator has set
 * STRIPE_PUBLISHABLE_KEY. It may not be bundled or served by us, so nothing here can be tried without
 * internet; this file says all that we use of it.
 */

/** https://docs.stripe.com/js/custom_checkout */
export type StripeCheckout = {
  createPaymentElement(options?: { layout?: "tabs" | "accordion" }): StripeElement;
  loadActions(): Promise<
    { type: "success"; actions: StripeCheckoutActions } | { type: "error"; error: StripeJsError }
  >;
};
type StripeElement = { mount(place: HTMLElement): void; destroy(): void };
/** `confirm` sends the browser to the session's return address; it returns only what went wrong. */
type StripeCheckoutActions = {
  confirm(): Promise<{ type: "success" } | { type: "error"; error: StripeJsError }>;
};
type StripeJsError = { message?: string };
type StripeJs = {
  initCheckoutElementsSdk(options: {
    clientSecret: string;
    elementsOptions?: { appearance?: { theme: "stripe" | "night"; variables?: Record<string, string> } };
  }): StripeCheckout;
};

declare global {
  interface Window {
    Stripe?: (publishableKey: string, options?: { locale?: string }) => StripeJs;
  }
}

const patienceMs = 15_000;

let loading: Promise<void> | null = null;

/**
 * Loads the script, once.
 * @throws when it cannot be reached or is blocked
 */
export async function loadStripeJs(
  address: string,
  publishableKey: string,
  locale: string,
): Promise<StripeJs> {
  loading ??= load(address);
  try {
    await loading;
  } catch (error) {
    // The next one tries again.
    loading = null;
    throw error;
  }
  if (!window.Stripe) throw new Error("Stripe.js did not start");
  return window.Stripe(publishableKey, { locale });
}

function load(address: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = address;
    script.async = true;
    // A network that swallows the request would have the customer wait for minutes.
    const giveUp = setTimeout(() => script.onerror?.("timeout"), patienceMs);
    script.onload = () => {
      clearTimeout(giveUp);
      resolve();
    };
    script.onerror = () => {
      clearTimeout(giveUp);
      script.remove();
      reject(new Error("Stripe.js could not be loaded"));
    };
    document.head.append(script);
  });
}
