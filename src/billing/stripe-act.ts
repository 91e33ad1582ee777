import Stripe from "stripe";
import { z } from "zod";
import { lockUser } from "#identity";
import { type ActRequest, actOnce, findDone } from "#platform/act-once";
import { type Act, recordAct } from "#platform/audit";
import { db } from "#platform/db";
import type { Id } from "#platform/id";
import { Refusal } from "#platform/refusal";
import { requireOurMode } from "./customer";
import { askStripe, sells } from "./stripe";

/**
 * What staff do to a customer and Stripe carries out. It is written down first, with its line in the audit log,
 * whose id is Stripe's Idempotency-Key; then Stripe is asked, with no transaction open; then what came of it is
 * kept under the request's key. Where that is not what was asked for, a second line of the log says so. A request
 * that is repeated gets what is kept; if nobody knows what came of it, it goes on with the same key.
 */

/** Whose affairs staff touch. */
export type ActOn = { userId: Id<"user">; accountId: Id<"account"> };

const outcomeSchema = z.object({
  /** payment_needed: the customer's bank asks them. refused: Stripe said no, and nothing has changed. */
  state: z.enum(["done", "scheduled", "payment_needed", "refused"]),
  /** Of a refusal: our code, or Stripe's. */
  code: z.string().nullable(),
  /** Why a payment failed, in Stripe's word. */
  reason: z.string().nullable(),
  /** Where the customer confirms a payment. */
  payUrl: z.string().nullable(),
});

export type StripeOutcome = z.infer<typeof outcomeSchema>;

export function outcome(state: StripeOutcome["state"], rest: Partial<StripeOutcome> = {}): StripeOutcome {
  return { code: null, reason: null, payUrl: null, ...rest, state };
}

type Told = Pick<Act, "object" | "before" | "after">;

type StripeAct = {
  on: ActOn;
  action: Act["action"];
  /** What is asked for, besides the action and whom it concerns. */
  content: readonly (string | number | null)[];
  /** Whether it can be asked for, and what the audit log is told. Its refusals are kept nowhere. */
  decide: () => Promise<Told>;
  /** For a repeat of which nobody knows what came: whether it has come about meanwhile. */
  reached: () => Promise<StripeOutcome | null>;
  carryOut: (idempotencyKey: string) => Promise<StripeOutcome>;
};

const begunSchema = z.object({
  actId: z.string(),
  object: z.object({ type: z.string(), id: z.string() }),
});

/**
 * Has Stripe do it, once for the request's key.
 * @throws Refusal not_found, forbidden on staff for who may not change staff, idempotency_conflict, payments_off;
 *   payments_unreachable when nobody knows what came of it: the same request goes on
 */
export async function actAtStripe(act: StripeAct, request: ActRequest): Promise<StripeOutcome> {
  const { on, action, content } = act;
  const { by, reason } = request;
  if (!sells()) throw new Refusal("payments_off");
  await requireOurMode(on.accountId);
  const begun = await findDone(db(), request, begunSchema);
  // What was begun before is not decided anew.
  const told: Told = begun ? { object: begun.object } : await act.decide();
  const { actId, object, repeated } = await db().transaction((tx) =>
    actOnce(tx, request, [action, on.accountId, ...content], begunSchema, async () => {
      await lockUser(tx, on.userId, by);
      const { object, ...change } = told;
      const actId = await recordAct(tx, { by, reason, action, customerId: on.userId, object, ...change });
      return { actId, object };
    }),
  );
  // No client's key has a space.
  const ending = { ...request, key: `${request.key} ended` };
  const known = repeated ? await findDone(db(), ending, outcomeSchema) : null;
  if (known) return known;
  const line = { by, reason, object, customerId: on.userId };
  const ended = await carryOut(act, actId, repeated).catch(async (error: unknown) => {
    await db().transaction((tx) =>
      recordAct(tx, { ...line, action: "stripe.unanswered", after: { action } }),
    );
    throw error;
  });
  return db().transaction((tx) =>
    actOnce(tx, ending, [actId], outcomeSchema, async () => {
      const { state, code, reason } = ended;
      if (state === "refused") {
        await recordAct(tx, { ...line, action: "stripe.refused", after: { action, code, reason } });
      } else if (state === "payment_needed") {
        await recordAct(tx, { ...line, action: "stripe.waits", after: { action } });
      }
      return ended;
    }),
  );
}

/** @throws what leaves open whether Stripe did it */
async function carryOut(act: StripeAct, key: string, repeated: boolean): Promise<StripeOutcome> {
  try {
    return await askStripe(async () => (repeated ? await act.reached() : null) ?? (await act.carryOut(key)));
  } catch (error) {
    const refused = refusalOf(error);
    if (refused) return refused;
    throw error;
  }
}

/** What Stripe, or we for it, have refused for good; null for what may have happened all the same. */
function refusalOf(error: unknown): StripeOutcome | null {
  if (error instanceof Refusal && error.code !== "payments_unreachable") {
    const { reason } = error.facts;
    return outcome("refused", { code: error.code, reason: typeof reason === "string" ? reason : null });
  }
  // 409: the same request is just being carried out.
  if (error instanceof Stripe.errors.StripeInvalidRequestError && error.statusCode !== 409) {
    return outcome("refused", { code: error.code ?? "invalid_request" });
  }
  return null;
}
