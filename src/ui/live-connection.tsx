import { keepStreamOpen } from "#ui/event-stream";

/**
 * One event stream for all tabs of a browser. The tab that holds a lock opens it and tells the others over
 * a channel; when that tab goes, the lock passes on and the next one opens it. Browsers without locks (an
 * address without TLS) open a stream in each tab.
 */

export type LiveMessage =
  | { type: "state"; connected: boolean }
  | { type: "snapshot"; available: number; held: number; running: readonly string[] }
  | { type: "changed"; runs: readonly string[]; balance: boolean };

const channelName = "toolmint.live";
const lockName = "toolmint.live";

/** Listens until the returned function is called. */
export function connectLive(path: string, listener: (message: LiveMessage) => void): () => void {
  const ended = new AbortController();
  const channel = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel(channelName);
  channel?.addEventListener("message", (event: MessageEvent<LiveMessage>) => listener(event.data));
  const tell = (message: LiveMessage): void => {
    if (ended.signal.aborted) return;
    listener(message);
    channel?.postMessage(message);
  };
  const hold = () => openStream(path, tell, ended.signal);
  if (navigator.locks) {
    navigator.locks.request(lockName, { signal: ended.signal }, hold).catch((error: unknown) => {
      if (!ended.signal.aborted) throw error;
    });
  } else {
    void hold();
  }
  return () => {
    ended.abort();
    channel?.close();
  };
}

/** Keeps a stream open until `signal` fires. */
function openStream(path: string, tell: (message: LiveMessage) => void, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    // A lock can be granted just as its listener goes: a stream for nobody would keep it from the next one.
    if (signal.aborted) return resolve();
    signal.addEventListener("abort", () => resolve());
    const listen = (source: EventSource): void => {
      source.addEventListener("open", () => tell({ type: "state", connected: true }));
      source.addEventListener("error", () => tell({ type: "state", connected: false }));
      for (const type of ["snapshot", "changed"] as const) {
        source.addEventListener(type, (event) => {
          const message = readMessage(type, event.data);
          if (message) tell(message);
        });
      }
    };
    keepStreamOpen(path, listen, signal);
  });
}

/** The message of an event's data, or null for one that is not of its form. */
export function readMessage(type: "snapshot" | "changed", data: unknown): LiveMessage | null {
  const given = parse(data);
  if (!given) return null;
  const ids = (value: unknown): string[] =>
    Array.isArray(value) ? value.filter((id) => typeof id === "string") : [];
  if (type === "changed") return { type, runs: ids(given.runs), balance: given.balance === true };
  const { available, held } = given;
  if (typeof available !== "number" || typeof held !== "number") return null;
  return { type, available, held, running: ids(given.running) };
}

function parse(data: unknown): Record<string, unknown> | null {
  if (typeof data !== "string") return null;
  try {
    const value: unknown = JSON.parse(data);
    return typeof value === "object" && value !== null ? { ...value } : null;
  } catch {
    return null;
  }
}
