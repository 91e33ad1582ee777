import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { monthPeriod, monthPeriodAt, monthsAfter } from "./month";

const day = (date: Date) => date.toISOString().slice(0, 10);
const boundaries = (anchor: string, indexes: number[]) =>
  indexes.map((index) => day(monthsAfter(new Date(anchor), index)));

test("the 31st gives way to a short month's last day, and comes back", () => {
  expect(boundaries("2027-01-31T09:30:00Z", [0, 1, 2, 3, 4])).toEqual([
    ...["2027-01-31", "2027-02-28", "2027-03-31", "2027-04-30", "2027-05-31"],
  ]);
});

test("a leap year's February has its 29th, a century's only every fourth time", () => {
  expect(boundaries("2027-12-31T00:00:00Z", [1, 2, 3])).toEqual(["2028-01-31", "2028-02-29", "2028-03-31"]);
  expect(boundaries("2028-02-29T00:00:00Z", [12, 48])).toEqual(["2029-02-28", "2032-02-29"]);
  expect(boundaries("2099-12-31T00:00:00Z", [2])).toEqual(["2100-02-28"]);
  expect(boundaries("1999-12-31T00:00:00Z", [2])).toEqual(["2000-02-29"]);
});

test("the hour is the anchor's, to the millisecond, whatever the server's time zone", () => {
  const zone = process.env.TZ;
  try {
    for (const TZ of ["UTC", "America/New_York", "Asia/Shanghai", "Pacific/Apia"]) {
      process.env.TZ = TZ;
      expect(monthsAfter(new Date("2027-01-31T23:59:59.999Z"), 1).toISOString()).toBe(
        "2027-02-28T23:59:59.999Z",
      );
      expect(monthsAfter(new Date("2027-03-01T00:00:00.000Z"), 8).toISOString()).toBe(
        "2027-11-01T00:00:00.000Z",
      );
    }
  } finally {
    if (zone === undefined) delete process.env.TZ;
    else process.env.TZ = zone;
  }
});

test("a period begins with its boundary and ends before the next", () => {
  const anchor = new Date("2027-01-31T12:00:00Z");
  const at = (time: string) => monthPeriodAt(anchor, new Date(time)).index;
  expect(at("2027-01-31T12:00:00.000Z")).toBe(0);
  expect(at("2027-02-28T11:59:59.999Z")).toBe(0);
  expect(at("2027-02-28T12:00:00.000Z")).toBe(1);
  expect(at("2027-03-31T11:59:59.999Z")).toBe(1);
  expect(at("2027-01-31T11:59:59.999Z")).toBe(-1);
});

describe("for any anchor and time", () => {
  const time = fc.date({
    min: new Date("1970-01-01T00:00:00Z"),
    max: new Date("2200-01-01T00:00:00Z"),
    noInvalidDate: true,
  });
  const months = fc.integer({ min: -1200, max: 1200 });

  test("the period found holds the time, and is the one of its index", () => {
    fc.assert(
      fc.property(time, time, (anchor, at) => {
        const period = monthPeriodAt(anchor, at);
        expect(period).toEqual(monthPeriod(anchor, period.index));
        expect(period.start.getTime()).toBeLessThanOrEqual(at.getTime());
        expect(at.getTime()).toBeLessThan(period.end.getTime());
      }),
      { numRuns: 2_000 },
    );
  });

  test("periods meet without gap, 28 to 31 days long, on the anchor's day or a month's last", () => {
    fc.assert(
      fc.property(time, months, (anchor, index) => {
        const { start, end } = monthPeriod(anchor, index);
        expect(monthPeriod(anchor, index + 1).start).toEqual(end);
        const days = (end.getTime() - start.getTime()) / 86_400_000;
        expect(days).toBeGreaterThanOrEqual(28);
        expect(days).toBeLessThanOrEqual(31);
        const tomorrow = new Date(start.getTime() + 86_400_000);
        if (start.getUTCDate() !== anchor.getUTCDate()) {
          expect(start.getUTCDate()).toBeLessThan(anchor.getUTCDate());
          expect(tomorrow.getUTCDate()).toBe(1);
        }
        expect(start.toISOString().slice(-13)).toBe(anchor.toISOString().slice(-13));
      }),
      { numRuns: 2_000 },
    );
  });
});
