import { expect, it } from "vitest";
import { dollarsOf, microsOf } from "./cost";

it("a cost is kept in millionths, and told as it was written", () => {
  expect(["0.25", "2", "0,075", "", " 10.5 "].map(microsOf)).toEqual([
    250_000,
    2_000_000,
    75_000,
    null,
    10_500_000,
  ]);
  expect([250_000, 2_000_000, null, 1].map(dollarsOf)).toEqual(["0.25", "2", "", "0.000001"]);
});

it("what is no amount is none", () => {
  for (const text of ["-1", "1e3", "a", "0.0000001", "1.2.3"]) expect(microsOf(text)).toBeNaN();
});
