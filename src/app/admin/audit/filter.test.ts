import { expect, test } from "vitest";
import { filterQuery } from "./filter";

const none = { actor: null, action: null, object: null, from: null, to: null };

test("days are whole days of the reader's zone; what is no day is no limit", () => {
  expect(filterQuery({ ...none, from: "2026-11-01", to: "2026-11-02" }, "Asia/Shanghai")).toEqual({
    ...none,
    ...{ from: "2026-10-31T16:00:00.000Z", to: "2026-11-02T16:00:00.000Z" },
  });
  expect(filterQuery({ ...none, from: "soon", to: "2026-02-30" }, "UTC")).toEqual(none);
});
