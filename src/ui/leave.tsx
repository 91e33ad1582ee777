/** What leads to another page without a link asks here first: a page with unsaved changes may want to ask. */

const leaving = "toolmint:leaving";

/** Whether one may go at once; if not, the page asks, and leads there itself. */
export function mayLeave(href: string): boolean {
  return window.dispatchEvent(new CustomEvent<string>(leaving, { detail: href, cancelable: true }));
}

/** @param ask is told where it would lead. @returns what ends it */
export function onLeaving(ask: (href: string) => void): () => void {
  const hear = (event: Event) => {
    if (!(event instanceof CustomEvent) || typeof event.detail !== "string") return;
    if (new URL(event.detail, window.location.href).pathname === window.location.pathname) return;
    event.preventDefault();
    ask(event.detail);
  };
  window.addEventListener(leaving, hear);
  return () => window.removeEventListener(leaving, hear);
}
