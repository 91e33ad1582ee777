import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { loadStripeJs } from "./stripe-js";

/** What the browser does with the script's element, told by the test; the script itself cannot be had here. */

type Script = { src: string; onload?: () => void; onerror?: () => void; remove: () => void };
let onPage: Script[] = [];

beforeEach(() => {
  onPage = [];
  vi.useFakeTimers();
  vi.stubGlobal("window", {});
  vi.stubGlobal("document", {
    createElement: (): Script => {
      const made: Script = {
        src: "",
        remove: () => {
          onPage = onPage.filter((one) => one !== made);
        },
      };
      return made;
    },
    head: { append: (script: Script) => onPage.push(script) },
  });
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const address = "https://js.stripe.com/endive/stripe.js";
const made = { initCheckoutElementsSdk: vi.fn() };
const started = () => made;
const load = () => loadStripeJs(address, "pk_test_1", "en");

it("a host that swallows the request is given up after 15 seconds, and the next attempt asks it anew", async () => {
  const said = vi.fn();
  const first = load().catch((error: Error) => said(error.message));
  expect(onPage).toMatchObject([{ src: address }]);
  await vi.advanceTimersByTimeAsync(14_999);
  expect(said).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1);
  await first;
  expect(said).toHaveBeenCalledWith("Stripe.js could not be loaded");
  expect(onPage).toEqual([]);

  const second = load();
  expect(onPage).toHaveLength(1);
  vi.stubGlobal("window", { Stripe: started });
  onPage[0]?.onload?.();
  expect(await second).toBe(made);
  // What has come is not given up afterwards, and is asked for once.
  await vi.advanceTimersByTimeAsync(60_000);
  expect(await load()).toBe(made);
  expect(onPage).toHaveLength(1);
});
