import type { Id } from "./id";
import { log } from "./log";
import { singleton } from "./singleton";

/**
 * What a domain tells of after its commit, without knowing who listens: those who count what happens lie
 * above it. A hint for analytics, never the truth, and nobody waits for it.
 */
export type Happening = {
  /** In the past tense: signed_up, run_finished, paid. */
  name: string;
  userId?: Id<"user"> | null;
  accountId?: Id<"account"> | null;
  /** A few small facts, by name. */
  properties?: Readonly<Record<string, string | number | boolean>>;
  /** The request it came of, where it came of one, and from which address. */
  request?: { headers: Headers; address: string | null };
};

const listeners = singleton<Set<(happening: Happening) => void>>("happenings");

/** Tells whoever listens; with nobody there it costs nothing. */
export function happened(happening: Happening): void {
  for (const listener of listeners.get() ?? []) {
    try {
      listener(happening);
    } catch (error) {
      log().warn({ err: error, happening: happening.name }, "could not take note of what happened");
    }
  }
}

/** @returns a function that ends it */
export function onHappening(listener: (happening: Happening) => void): () => void {
  const all = listeners.once(() => new Set());
  all.add(listener);
  return () => {
    all.delete(listener);
  };
}
