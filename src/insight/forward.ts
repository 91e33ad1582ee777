import type { Task } from "graphile-worker";
import { z } from "zod";
import { config } from "#platform/config";
import type { Tx } from "#platform/db";
import { enqueue } from "#platform/queue";
import type { Kept } from "./event";

/**
 * Telling PostHog and Google Analytics what those did who consented. Jobs send it, so that nobody waits, what
 * fails is tried again, and a process that has served a page needs no way out.
 */

const toldSchema = z.object({
  id: z.string(),
  name: z.string(),
  at: z.string(),
  clientId: z.string(),
  userId: z.string().nullable(),
  path: z.string().nullable(),
  referrer: z.string().nullable(),
  utmSource: z.string().nullable(),
  utmMedium: z.string().nullable(),
  utmCampaign: z.string().nullable(),
  properties: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
});
type Told = z.infer<typeof toldSchema>;

const payloadSchema = z.object({ to: z.enum(["posthog", "google"]), events: z.array(toldSchema) });

/** Google takes no more at once, and counts nothing that is older than three days. */
const eventsAtOnce = { posthog: 250, google: 25 } as const;
const maxAttempts = 10;
const answerMs = 10_000;

/** Has the consented events of a batch sent, to each service that is set. */
export async function forwardLater(tx: Tx, kept: readonly Kept[]): Promise<void> {
  const { POSTHOG_KEY, GA_MEASUREMENT_ID } = config();
  const told = kept.flatMap((event) => toldOf(event) ?? []);
  if (told.length === 0) return;
  if (POSTHOG_KEY) {
    for (const events of chunks(told, eventsAtOnce.posthog)) await send(tx, "posthog", events);
  }
  if (!GA_MEASUREMENT_ID) return;
  for (const clientId of new Set(told.map((event) => event.clientId))) {
    const ofOne = told.filter((event) => event.clientId === clientId);
    for (const events of chunks(ofOne, eventsAtOnce.google)) await send(tx, "google", events);
  }
}

function send(tx: Tx, to: "posthog" | "google", events: readonly Told[]): Promise<void> {
  return enqueue(tx, "insight.forward", { to, events }, { maxAttempts });
}

function toldOf({ choice, view, userId, occurredAt, ...event }: Kept): Told | null {
  if (choice.choice !== "granted" || !choice.clientId) return null;
  const { referrer = null, utmSource = null, utmMedium = null, utmCampaign = null } = view?.arrival ?? {};
  const { id, name, properties } = event;
  return {
    ...{ id, name, at: occurredAt.toISOString(), clientId: choice.clientId, userId, properties },
    ...{ path: view?.path ?? null, referrer, utmSource, utmMedium, utmCampaign },
  };
}

/** Sends a batch. @throws when it was not taken, so that the job is tried again */
export const forward: Task = async (payload, { abortSignal }) => {
  const { to, events } = payloadSchema.parse(payload);
  const [url, body] = to === "posthog" ? toPosthog(events) : toGoogle(events);
  if (!url) return;
  const answer = await fetch(url, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
    signal: AbortSignal.any([abortSignal, AbortSignal.timeout(answerMs)]),
  });
  await answer.body?.cancel();
  if (!answer.ok) throw new Error(`${to} answered ${answer.status}`);
};

function toPosthog(events: readonly Told[]): [string | null, unknown] {
  const { POSTHOG_KEY, POSTHOG_HOST, baseUrl } = config();
  const batch = events.map((event) => ({
    event: event.name === "page_viewed" ? "$pageview" : event.name,
    // The same for a batch that is sent again, so that it counts once.
    uuid: event.id,
    timestamp: event.at,
    distinct_id: event.userId ?? event.clientId,
    properties: {
      ...event.properties,
      ...(event.path !== null && { $current_url: `${baseUrl}${event.path}`, $pathname: event.path }),
      ...(event.referrer !== null && { $referring_domain: event.referrer }),
      ...(event.utmSource !== null && { utm_source: event.utmSource }),
      ...(event.utmMedium !== null && { utm_medium: event.utmMedium }),
      ...(event.utmCampaign !== null && { utm_campaign: event.utmCampaign }),
      // The request comes from our server: its address is nobody's.
      $geoip_disable: true,
    },
  }));
  return [POSTHOG_KEY ? `${POSTHOG_HOST}/batch/` : null, { api_key: POSTHOG_KEY, batch }];
}

const googleNames: Readonly<Record<string, string>> = {
  page_viewed: "page_view",
  signed_up: "sign_up",
  signed_in: "login",
  checkout_begun: "begin_checkout",
  paid: "purchase",
};

function toGoogle(events: readonly Told[]): [string | null, unknown] {
  const { GA_MEASUREMENT_ID, GA_API_SECRET, GA_HOST, baseUrl } = config();
  const [first] = events;
  if (!GA_MEASUREMENT_ID || !GA_API_SECRET || !first) return [null, null];
  const userId = events.find((event) => event.userId !== null)?.userId;
  const query = new URLSearchParams({ measurement_id: GA_MEASUREMENT_ID, api_secret: GA_API_SECRET });
  const body = {
    client_id: first.clientId,
    ...(userId && { user_id: userId }),
    non_personalized_ads: true,
    timestamp_micros: Date.parse(first.at) * 1000,
    events: events.map((event) => ({
      name: googleNames[event.name] ?? event.name,
      params: {
        ...googleFacts(event),
        ...(event.path !== null && { page_location: `${baseUrl}${event.path}` }),
        ...(event.referrer !== null && { page_referrer: `https://${event.referrer}/` }),
        ...(event.utmSource !== null && { source: event.utmSource }),
        ...(event.utmMedium !== null && { medium: event.utmMedium }),
        ...(event.utmCampaign !== null && { campaign: event.utmCampaign }),
        engagement_time_msec: 1,
      },
    })),
  };
  return [`${GA_HOST}/mp/collect?${query}`, body];
}

/** A payment as Google counts it: value in whole units, and the invoice, so that it counts once. */
function googleFacts({ name, properties }: Told): Record<string, string | number | boolean> {
  const { amountCents, currency, invoice } = properties;
  if (name !== "paid" || typeof amountCents !== "number" || typeof currency !== "string") return properties;
  const digits = new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions();
  const value = amountCents / 10 ** (digits.maximumFractionDigits ?? 2);
  return { value, currency: currency.toUpperCase(), ...(invoice && { transaction_id: invoice }) };
}

function chunks<T>(all: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, index) =>
    all.slice(index * size, (index + 1) * size),
  );
}
