import { expect, it } from "vitest";
import { cancelWords } from "./cancel-words";

const running = { held: 3, status: "running" } as const;
const written = { streaming: true, fixedPrice: false };

it("cancelling says before what it costs: nothing, what was written, or the whole of a fixed price", () => {
  expect(cancelWords({ ...running, held: 0 }, written)).toBe("cancelFree");
  expect(cancelWords({ ...running, status: "queued" }, { ...written, fixedPrice: true })).toBe("cancel");
  expect(cancelWords(running, { streaming: false, fixedPrice: true })).toBe("cancel");
  expect(cancelWords(running, written)).toBe("cancelStream");
  expect(cancelWords(running, { ...written, fixedPrice: true })).toBe("cancelWhole");
});
