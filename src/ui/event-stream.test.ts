import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { keepStreamOpen } from "#ui/event-stream";

/** A browser's event source, as far as it can be without a network. */
class Source extends EventTarget {
  static readonly CLOSED = 2;
  static opened: Source[] = [];
  readyState = 1;

  constructor() {
    super();
    Source.opened.push(this);
  }

  close(): void {
    this.readyState = Source.CLOSED;
  }

  /** The server refuses to go on: the browser does not try again. */
  refuse(): void {
    this.readyState = Source.CLOSED;
    this.dispatchEvent(new Event("error"));
  }
}

const opened = () => Source.opened.length;

beforeEach(() => {
  Source.opened = [];
  vi.stubGlobal("EventSource", Source);
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("a refused stream is opened again, later each time, and listened to; what the browser mends is left to it", () => {
  const control = new AbortController();
  const listen = vi.fn();
  keepStreamOpen("/text", listen, control.signal);
  Source.opened[0]?.dispatchEvent(new Event("error"));
  vi.advanceTimersByTime(60_000);
  expect(opened()).toBe(1);
  Source.opened[0]?.refuse();
  vi.advanceTimersByTime(2_000);
  expect(opened()).toBe(2);
  Source.opened[1]?.refuse();
  vi.advanceTimersByTime(2_000);
  expect(opened()).toBe(2);
  vi.advanceTimersByTime(2_000);
  expect(listen.mock.calls).toEqual(Source.opened.map((source) => [source]));
  expect(opened()).toBe(3);
});

test("a stream whose listener has gone stays closed", () => {
  const control = new AbortController();
  keepStreamOpen("/text", () => undefined, control.signal);
  Source.opened[0]?.refuse();
  control.abort();
  vi.advanceTimersByTime(60_000);
  expect(opened()).toBe(1);
});
