/**
 * One intention to run, one Idempotency-Key. A double click, ⌘↵ pressed twice and a retry after a request
 * whose fate is unknown are the same intention: they carry the same key, and the server answers with the
 * first run instead of charging again.
 */

/** A second press this soon after the first is the same intention. */
const sameIntentionMs = 2_000;

type Submission = { body: string; key: string; atMs: number; outcome: "unknown" | "started" };

export type Submissions = {
  /** The key for this body now: the last one's while it may still stand for the same intention. */
  keyFor(body: string, nowMs: number): string;
  /** The server has answered with a run. */
  started(key: string): void;
  /** The server has refused, so nothing stands: the next press is a new intention. */
  refused(key: string): void;
};

export function newSubmissions(newKey: () => string): Submissions {
  let last: Submission | null = null;
  return {
    keyFor(body, nowMs) {
      const same =
        last !== null &&
        last.body === body &&
        (last.outcome === "unknown" || nowMs - last.atMs < sameIntentionMs);
      if (last && same) return last.key;
      last = { body, key: newKey(), atMs: nowMs, outcome: "unknown" };
      return last.key;
    },
    started(key) {
      if (last?.key === key) last = { ...last, outcome: "started" };
    },
    refused(key) {
      if (last?.key === key) last = null;
    },
  };
}
