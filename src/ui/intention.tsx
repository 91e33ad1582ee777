"use client";

import { useCallback, useRef } from "react";
import { newIdempotencyKey } from "#ui/api";

/**
 * One Idempotency-Key for one intention: the same content sent again, because nobody knows whether it arrived,
 * carries the same key, until `done` says that it was answered.
 */
export function useIntention() {
  const last = useRef<{ text: string; key: string } | null>(null);
  const keyFor = useCallback((content: unknown): string => {
    const text = JSON.stringify(content);
    if (last.current?.text !== text) last.current = { text, key: newIdempotencyKey() };
    return last.current.key;
  }, []);
  const done = useCallback(() => {
    last.current = null;
  }, []);
  return { keyFor, done };
}
