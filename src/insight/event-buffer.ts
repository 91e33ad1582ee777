import { isDatabaseAway } from "#platform/database-away";
import { log } from "#platform/log";
import { singleton } from "#platform/singleton";
import type { Pending } from "./event";
import { storeEvents } from "./event-store";

/**
 * Events wait in memory for a moment and are written many at a time, so that no request waits for one. The
 * room is bounded: when the database is away for long, newer events are dropped and counted.
 */

const capacity = 20_000;
const batchSize = 1_000;
const intervalMs = 2_000;

type Buffer = { waiting: Pending[]; dropped: number; writing: Promise<void> | null; timer: NodeJS.Timeout };

const slot = singleton<Buffer>("product-events");

/** Begins to collect; until then, and in commands that serve nobody, events are dropped. */
export function openBuffer(): void {
  slot.once(() => ({
    waiting: [],
    dropped: 0,
    writing: null,
    timer: setInterval(() => void flushEvents(), intervalMs).unref(),
  }));
}

/** Writes what waits and collects no more. */
export async function closeBuffer(): Promise<void> {
  const buffer = slot.get();
  if (!buffer) return;
  clearInterval(buffer.timer);
  await flushEvents();
  slot.clear();
}

export function collect(event: Pending): void {
  const buffer = slot.get();
  if (!buffer) return;
  if (buffer.waiting.length >= capacity) {
    buffer.dropped += 1;
    return;
  }
  buffer.waiting.push(event);
  if (buffer.waiting.length === batchSize) void flushEvents();
}

/** How many events wait, and how many were dropped since the start. */
export function bufferState(): { waiting: number; dropped: number } {
  const { waiting = [], dropped = 0 } = slot.get() ?? {};
  return { waiting: waiting.length, dropped };
}

/** Writes all that waits. Never fails: what cannot be written now waits on, what never can is dropped. */
export async function flushEvents(): Promise<void> {
  const buffer = slot.get();
  if (!buffer) return;
  buffer.writing ??= write(buffer).finally(() => {
    buffer.writing = null;
  });
  await buffer.writing;
}

async function write(buffer: Buffer): Promise<void> {
  while (buffer.waiting.length > 0) {
    const batch = buffer.waiting.splice(0, batchSize);
    if (!(await store(buffer, batch))) {
      buffer.waiting.unshift(...batch);
      return;
    }
  }
}

/** One that cannot be stored does not take the others with it. @returns false when the database is away */
async function store(buffer: Buffer, batch: readonly Pending[]): Promise<boolean> {
  try {
    await storeEvents(batch);
    return true;
  } catch (error) {
    if (isDatabaseAway(error)) return false;
    if (batch.length > 1) {
      const middle = batch.length >> 1;
      // Halves that are stored when the database goes away in between are stored: counting twice is worse.
      await store(buffer, batch.slice(0, middle));
      await store(buffer, batch.slice(middle));
      return true;
    }
    buffer.dropped += 1;
    log().error({ err: error }, "could not write a product event");
    return true;
  }
}
