import { describe, expect, it } from "vitest";
import { addDays, dayOf, daysBetween, isDay, startOfDay } from "./zone-day";

describe("days in a zone", () => {
  it.each([
    ["2026-11-23T23:30:00Z", "UTC", "2026-11-23"],
    ["2026-11-23T23:30:00Z", "Europe/Berlin", "2026-11-24"],
    ["2026-11-23T23:30:00Z", "America/Los_Angeles", "2026-11-23"],
    ["2026-11-23T16:00:00Z", "Asia/Shanghai", "2026-11-24"],
  ])("%s in %s is %s", (moment, zone, day) => {
    expect(dayOf(new Date(moment), zone)).toBe(day);
  });

  it.each([
    ["2026-11-24", "UTC", "2026-11-24T00:00:00.000Z"],
    ["2026-11-24", "Europe/Berlin", "2026-11-23T23:00:00.000Z"],
    ["2026-11-24", "Asia/Kolkata", "2026-11-23T18:30:00.000Z"],
    // The day that summer time begins, and the day after.
    ["2026-03-29", "Europe/Berlin", "2026-03-28T23:00:00.000Z"],
    ["2026-03-30", "Europe/Berlin", "2026-03-29T22:00:00.000Z"],
    // Clocks jump from 23:59:59 to 01:00: the day has no midnight.
    ["2026-04-24", "Africa/Cairo", "2026-04-23T22:00:00.000Z"],
  ])("%s begins in %s at %s", (day, zone, start) => {
    expect(startOfDay(day, zone).toISOString()).toBe(start);
  });

  it("a day's first moment is of that day and the one before is not", () => {
    for (const zone of [
      "Africa/Cairo",
      "America/Santiago",
      "Asia/Beirut",
      "Pacific/Apia",
      "Asia/Kathmandu",
    ]) {
      for (const day of daysBetween("2026-01-01", "2026-12-31")) {
        const start = startOfDay(day, zone);
        expect(`${zone} ${dayOf(start, zone)}`).toBe(`${zone} ${day}`);
        expect(dayOf(new Date(start.getTime() - 1), zone) < day).toBe(true);
      }
    }
  });

  it("are counted across months and leap days", () => {
    expect(addDays("2028-02-28", 1)).toBe("2028-02-29");
    expect(addDays("2026-01-01", -1)).toBe("2025-12-31");
    expect(daysBetween("2026-12-30", "2027-01-02")).toHaveLength(4);
    expect(daysBetween("2026-12-30", "2026-12-29")).toEqual([]);
  });

  it("are days that exist", () => {
    expect(["2026-02-29", "2026-2-1", "", "yesterday", "2026-13-01"].filter(isDay)).toEqual([]);
    expect(isDay("2028-02-29")).toBe(true);
    expect(() => startOfDay("2026-02-29", "UTC")).toThrow(RangeError);
  });
});
