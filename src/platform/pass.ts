/** Working through all that is due, in small batches: what jobs do that any number of processes may run at once. */

/** How far a pass over what is due came. */
export type Pass = {
  /** How many were settled. */
  settled: number;
  /** False when it was stopped before the end. */
  done: boolean;
};

export type PassOptions = {
  /** Stops the pass between two batches. */
  signal?: AbortSignal | undefined;
  /** How many are looked up and settled at once. */
  batchSize?: number | undefined;
};

/**
 * Goes once over all that is due, from the first to the last. It never looks back: what could not be settled
 * waits for the next pass and keeps nobody else from their turn.
 * @param read the next `limit` after one, in an order that does not change
 * @param settle settles a batch and tells how many of it came to something
 */
export async function passOver<T>(
  read: (limit: number, after: T | undefined) => Promise<T[]>,
  settle: (batch: readonly T[]) => Promise<number>,
  { signal, batchSize = 500 }: PassOptions = {},
): Promise<Pass> {
  let settled = 0;
  let after: T | undefined;
  while (!signal?.aborted) {
    const batch = await read(batchSize, after);
    if (batch.length > 0) settled += await settle(batch);
    if (batch.length < batchSize) return { settled, done: true };
    after = batch.at(-1);
  }
  return { settled, done: false };
}
