import { describe, expect, it } from "vitest";
import type { MetricName } from "#analytics/catalogue";
import type { MetricJson } from "#api/contract";
import { chartOf, metricCsv } from "./figures";
import { huesOf } from "./hues";

type Values = Record<string, number | null>;

/** A metric of one period, and what it was before. */
function metric(values: Values, before?: Values): MetricJson {
  const figures = (of: Values) => ({
    ...{ first: "2026-11-02", last: "2026-11-08", total: of, cases: null },
    points: [{ period: "2026-11-02", incomplete: false, values: of, cases: null }],
  });
  return {
    ...figures(values),
    ...{ grain: "week", timeZone: "UTC", today: "2026-11-20", asOf: null, series: Object.keys(values) },
    previous: before ? figures(before) : null,
  };
}

const words = { nameOf: (series: string) => series, otherLabel: "Others", alone: "Alone", known: ["ocr"] };
const csv = (name: MetricName, of: MetricJson) =>
  metricCsv(name, of, {
    ...{ period: "Period", previous: "before", cases: "n", currency: "usd", nameOf: words.nameOf },
  });

describe("a picture", () => {
  it("keeps steps in their order, and adds them up nowhere", () => {
    const funnel = metric({ paid: 2, signup: 10, visit: 400 }, { paid: 1, signup: 5, visit: 300 });
    const { series, before } = chartOf("funnel", funnel, words);
    expect(series.map(({ key }) => key)).toEqual([
      ...["visit", "signup", "verified", "firstRun", "outOfCredits", "paid"],
    ]);
    expect(before).toBeNull();
  });

  it("puts a sum's small series together; of a rate it shows the largest, and says how many are left", () => {
    const many = metric(
      Object.fromEntries(Array.from({ length: 9 }, (_, place) => [`t${place}`, 9 - place])),
    );
    const sum = chartOf("toolRuns", many, words);
    expect(sum.series).toHaveLength(6);
    expect(sum.days[0]?.amounts.other).toBe(4 + 3 + 2 + 1);
    const rate = chartOf("runSuccess", many, words);
    expect([rate.series.length, rate.left]).toEqual([5, 4]);
    expect(chartOf("runSuccess", many, words, true).series).toHaveLength(9);
  });

  it("compares only what is a number together", () => {
    expect(chartOf("toolRuns", metric({ a: 1, b: 2 }, { a: 3, b: 4 }), words).before).toEqual([7]);
    expect(chartOf("runSuccess", metric({ a: 1, b: 1 }, { a: 1, b: 1 }), words).before).toBeNull();
    expect(chartOf("runSuccess", metric({ a: 1 }, { a: 0.5 }), words).before).toEqual([0.5]);
  });
});

describe("a hue", () => {
  it("belongs to a name, not to its rank", () => {
    const known = ["ocr", "upscale", "write"];
    expect(huesOf(["write", "ocr"], known).get("ocr")).toBe(huesOf(["ocr"], known).get("ocr"));
    expect(huesOf(["churn", "new"], known).get("churn")).toBe("c4");
  });

  it("is nobody else's in the same picture", () => {
    const hues = [...huesOf(["ocr", "unheard", "pro", "write"], ["ocr", "write"]).values()];
    expect(new Set(hues).size).toBe(hues.length);
  });
});

describe("CSV", () => {
  it("compares what is no number together series by series", () => {
    expect(csv("runSuccess", metric({ a: 0.5, b: 1 }, { a: 0.25, b: null }))).toBe(
      "Period,a,b,a: before,b: before\r\n2026-11-02,0.5,1,0.25,\r\n",
    );
  });

  it("writes money in the main unit, losses as numbers", () => {
    expect(csv("mrrMovements", metric({ churn: -1250 }, { churn: 0 }))).toBe(
      "Period,churn,before\r\n2026-11-02,-12.50,0.00\r\n",
    );
  });
});
