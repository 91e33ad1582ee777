import { sql } from "drizzle-orm";
import type { Task } from "graphile-worker";
import { config } from "#platform/config";
import { db } from "#platform/db";
import { onShutdown } from "#platform/shutdown";
import { closeBuffer, openBuffer } from "./event-buffer";
import { forgetProbes } from "./probe";
import { forgetResponses } from "./response-store";
import { listenToDomains } from "./track";
import { forgetSalts } from "./visitor-day";

/** Begins to count what people do; a stopping process writes what it has counted. */
export function startCollecting(): () => Promise<void> {
  openBuffer();
  const deafen = listenToDomains();
  const stop = async () => {
    deafen();
    await closeBuffer();
  };
  onShutdown("work", "product events", stop);
  return stop;
}

const deletedAtOnce = 5_000;

/**
 * Deletes what is older than it is kept: events, the secrets of past days, and response times. Events go by whole
 * days of the operator's, so that no figure of a day is made anew from a part of it.
 */
export const forgetEvents: Task = async (_payload, { abortSignal }) => {
  await forgetSalts();
  await forgetResponses();
  await forgetProbes();
  const { EVENT_RETENTION_DAYS: days, TIME_ZONE: zone } = config();
  let deleted = deletedAtOnce;
  while (deleted === deletedAtOnce && !abortSignal.aborted) {
    const { rowCount } = await db().execute(sql`
      delete from product_events where id in (
        select id from product_events
        where occurred_at < ((now() at time zone ${zone}::text)::date - ${days}::int)::timestamp at time zone ${zone}::text
        order by id limit ${deletedAtOnce}
      )`);
    deleted = rowCount ?? 0;
  }
};
