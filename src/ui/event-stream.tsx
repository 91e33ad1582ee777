const firstPauseMs = 2_000;
const longestPauseMs = 60_000;

/**
 * Keeps an event stream open until `signal` fires: a refusal, such as 503 while the server starts, closes it for
 * good, so another is opened, with growing pauses.
 * @param listen adds the listeners of each new source.
 */
export function keepStreamOpen(
  path: string,
  listen: (source: EventSource) => void,
  signal: AbortSignal,
): void {
  let pauseMs = firstPauseMs;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let source: EventSource;
  const open = (): void => {
    source = new EventSource(path);
    source.addEventListener("open", () => {
      pauseMs = firstPauseMs;
    });
    source.addEventListener("error", () => {
      // While it is CONNECTING the browser tries again by itself.
      if (source.readyState !== EventSource.CLOSED) return;
      timer = setTimeout(open, pauseMs);
      pauseMs = Math.min(pauseMs * 2, longestPauseMs);
    });
    listen(source);
  };
  signal.addEventListener("abort", () => {
    clearTimeout(timer);
    source.close();
  });
  open();
}
