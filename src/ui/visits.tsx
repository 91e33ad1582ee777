"use client";

import { usePathname } from "next/navigation";
import { useEffect } from "react";

/**
 * Counts page views: one small request to our own server for each, without a cookie and without an id. A
 * browser that asks not to be tracked sends none.
 */
export function PageViews(): null {
  const pathname = usePathname();
  useEffect(() => {
    whenShown(() => {
      const first = firstView();
      tell({
        name: "page_viewed",
        path: pathname,
        ...(first && { referrer: document.referrer, search: location.search }),
      });
    });
  }, [pathname]);
  return null;
}

/** Counts a search that found nothing. */
export function tellOfVainSearch(query: string): void {
  tell({ name: "search_without_result", path: location.pathname, query });
}

declare global {
  interface Navigator {
    /** Global Privacy Control. */
    globalPrivacyControl?: boolean;
  }
}

function tell(visit: Readonly<Record<string, unknown>>): void {
  if (navigator.doNotTrack === "1" || navigator.globalPrivacyControl) return;
  const body = JSON.stringify({ ...visit, automated: navigator.webdriver });
  // Lives on when the page is left. Nobody waits, and nobody is told when it fails.
  fetch("/api/visits", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body,
    keepalive: true,
  }).catch(() => undefined);
}

let seen = false;

/** True for the page that somebody came to, false for those they went on to. */
function firstView(): boolean {
  const first = !seen;
  seen = true;
  return first;
}

/** A page that the browser prepares in advance is counted once somebody looks at it. */
function whenShown(then: () => void): void {
  if ("prerendering" in document && document.prerendering) {
    document.addEventListener("prerenderingchange", then, { once: true });
  } else then();
}
