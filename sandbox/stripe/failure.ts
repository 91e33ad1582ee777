import type Stripe from "stripe";

/** What Stripe answers when it does not do what was asked: an HTTP status and an error object. */

export type ErrorBody = {
  type: "api_error" | "card_error" | "idempotency_error" | "invalid_request_error";
  message: string;
  code?: string;
  param?: string;
  decline_code?: string;
  advice_code?: string;
  network_decline_code?: string;
  charge?: string;
  payment_intent?: Stripe.PaymentIntent;
  setup_intent?: Stripe.SetupIntent;
  payment_method?: Stripe.PaymentMethod;
  doc_url?: string;
};

export class StripeFailure extends Error {
  override name = "StripeFailure";
  readonly status: number;
  readonly body: ErrorBody;
  /** True where Stripe keeps what the request changed, such as the failed charge of a declined card. */
  readonly keep: boolean;

  constructor(status: number, body: ErrorBody, keep = false) {
    super(body.message);
    this.status = status;
    this.body = body.code
      ? { ...body, doc_url: `https://stripe.com/docs/error-codes/${dashed(body.code)}` }
      : body;
    this.keep = keep;
  }

  /** The same answer, of a request that changes nothing. */
  undone(): StripeFailure {
    return new StripeFailure(this.status, this.body);
  }
}

/** A request that cannot be carried out as it stands. */
export function invalid(message: string, facts: { param?: string; code?: string } = {}): StripeFailure {
  return new StripeFailure(400, { type: "invalid_request_error", message, ...facts });
}

/** An object that does not exist. `param` is the parameter that named it, `id` for the address. */
export function noSuch(noun: string, id: string, param = "id"): StripeFailure {
  return new StripeFailure(param === "id" ? 404 : 400, {
    type: "invalid_request_error",
    code: "resource_missing",
    message: `No such ${noun}: '${id}'`,
    param,
  });
}

/** A card that was not charged; what the attempt changed stands. */
export function cardFailure(body: Omit<ErrorBody, "type">, keep = true): StripeFailure {
  return new StripeFailure(402, { type: "card_error", ...body }, keep);
}

const dashed = (code: string) => code.replaceAll("_", "-");
