import { expect, it } from "vitest";
import { customerQuery, isSame } from "./segment-filter";

const none = {
  ...{ q: null, plan: null, status: null, flag: null, verified: null, paid: null },
  ...{ below: null, from: null, to: null },
};

it("takes what a filter may be from the address and leaves the rest", () => {
  const asked = { ...none, plan: "pro", status: "late", verified: "maybe", below: "12", paid: "yes" };
  expect(customerQuery(asked, "UTC")).toMatchObject({
    ...{ plan: "pro", status: null, verified: null, balanceBelow: "12", paid: "yes" },
  });
  expect(customerQuery({ ...none, below: "-1", from: "2026-02-30" }, "UTC")).toMatchObject({
    ...{ balanceBelow: null, from: null },
  });
});

it("counts days in the reader's zone, the last one whole", () => {
  const { from, to } = customerQuery({ ...none, from: "2026-11-01", to: "2026-11-02" }, "Asia/Shanghai");
  expect([from, to]).toEqual(["2026-10-31T16:00:00.000Z", "2026-11-02T16:00:00.000Z"]);
});

it("knows a view by its filter, in any order", () => {
  expect(isSame({ plan: "pro", q: "a" }, { q: "a", plan: "pro" })).toBe(true);
  expect(isSame({ plan: "pro" }, { plan: "pro", q: "a" })).toBe(false);
  expect(isSame({ plan: "pro" }, { q: "pro" })).toBe(false);
});
