"use client";

import { useTranslations } from "next-intl";
import { useEffect, useRef, useState } from "react";
import { apiUrl } from "#ui/api";
import { keepStreamOpen } from "#ui/event-stream";
import { isActive, type Run } from "./run";

/** The text of a streaming run as it grows, for whoever looks. */
export function RunText({ run }: { run: Run }) {
  const t = useTranslations("runs.view");
  const active = isActive(run);
  const text = useRunText(run);
  const box = useRef<HTMLElement>(null);
  const length = text.length;
  useEffect(() => {
    // Follow the writing, unless the reader has scrolled up to read.
    const { current } = box;
    if (!active || !current || length === 0) return;
    const distance = current.scrollHeight - current.scrollTop - current.clientHeight;
    if (distance < 80) current.scrollTop = current.scrollHeight;
  }, [active, length]);
  return (
    <section
      ref={box}
      aria-label={active ? t("writing") : t("stopped")}
      aria-busy={active}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
      data-testid="run-text"
      className="max-h-[60dvh] overflow-y-auto border-t border-line px-4 py-4 text-14 leading-6 whitespace-pre-wrap text-text sm:px-5"
    >
      {text}
      {active && (
        <span
          aria-hidden="true"
          className="ml-0.5 inline-block h-4 w-1.5 animate-skeleton bg-info align-[-2px]"
        />
      )}
    </section>
  );
}

/** What is stored, then what comes. */
export function useRunText(run: Run): string {
  const { id } = run;
  const active = isActive(run);
  const [streamed, setStreamed] = useState<string | null>(null);
  useEffect(() => {
    if (!active) return;
    const control = new AbortController();
    const listen = (source: EventSource): void => {
      // A source of its own sends everything anew.
      let text = "";
      source.addEventListener("text", (event) => {
        const data: unknown = JSON.parse(event.data);
        if (typeof data !== "object" || data === null || !("text" in data)) return;
        text += String(data.text);
        setStreamed(text);
      });
      source.addEventListener("reset", () => {
        text = "";
        setStreamed(text);
      });
      source.addEventListener("end", () => control.abort());
    };
    keepStreamOpen(apiUrl(`/runs/${id}/text`), listen, control.signal);
    return () => control.abort();
  }, [id, active]);
  // The stored text is the truth once the run is over; until then whichever is further.
  const stored = run.text ?? "";
  if (!active || streamed === null) return stored;
  return streamed;
}
