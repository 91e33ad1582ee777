import { describe, expect, it } from "vitest";
import { periodOf, periodsBefore, periodsOf, shiftPeriod, wholePeriods } from "./calendar";

describe("periods", () => {
  it("are days, weeks from Monday, and months", () => {
    expect(periodOf("2026-11-26", "day")).toBe("2026-11-26");
    expect(periodOf("2026-11-26", "week")).toBe("2026-11-23");
    expect(periodOf("2026-11-23", "week")).toBe("2026-11-23");
    expect(periodOf("2026-11-22", "week")).toBe("2026-11-16");
    expect(periodOf("2026-11-26", "month")).toBe("2026-11-01");
  });

  it("go on over the turn of a year", () => {
    expect(shiftPeriod("2026-12-01", "month", 2)).toBe("2027-02-01");
    expect(shiftPeriod("2026-01-01", "month", -11)).toBe("2025-02-01");
    expect(periodsOf({ first: "2026-12-28", last: "2027-01-11" }, "week")).toEqual([
      ...["2026-12-28", "2027-01-04", "2027-01-11"],
    ]);
  });

  it("are whole but for today's, and have as many before them", () => {
    const days = { first: "2026-10-15", last: "2026-11-10" };
    expect(wholePeriods(days, "month", "2026-11-26")).toEqual({ first: "2026-10-01", last: "2026-11-26" });
    expect(wholePeriods(days, "week", "2026-11-26")).toEqual({ first: "2026-10-12", last: "2026-11-15" });
    expect(periodsBefore({ first: "2026-10-01", last: "2026-11-26" }, "month")).toEqual({
      ...{ first: "2026-08-01", last: "2026-09-30" },
    });
    expect(periodsBefore({ first: "2026-11-20", last: "2026-11-26" }, "day")).toEqual({
      ...{ first: "2026-11-13", last: "2026-11-19" },
    });
  });
});
