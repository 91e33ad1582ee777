import { describe, expect, it } from "vitest";
import { totalOf } from "#ui/charts/series";
import { rangeEnding, stackUsage, type Usage } from "./usage";

const tools = ["ocr", "markdown", "convert", "upscale", "write"].map((slug) => ({
  slug,
  name: slug.toUpperCase(),
}));
const range = { first: "2026-11-20", last: "2026-11-23" };

function stack(usage: Usage[]) {
  return stackUsage(usage, range, tools, "Other");
}

describe("stackUsage", () => {
  it("has every day of the range, used or not", () => {
    const { days, series, total } = stack([]);
    expect(days.map(({ day }) => day)).toEqual(["2026-11-20", "2026-11-21", "2026-11-22", "2026-11-23"]);
    expect(series).toEqual([]);
    expect(total).toBe(0);
  });

  it("names the three tools that used most and adds the rest up", () => {
    const { series, days, total } = stack([
      { day: "2026-11-20", tool: "write", credits: 9 },
      { day: "2026-11-20", tool: "ocr", credits: 5 },
      { day: "2026-11-21", tool: "convert", credits: 4 },
      { day: "2026-11-21", tool: "upscale", credits: 3 },
      { day: "2026-11-21", tool: "markdown", credits: 2 },
      { day: "2026-11-22", tool: null, credits: 1 },
    ]);
    expect(series.map(({ label }) => label)).toEqual(["WRITE", "OCR", "CONVERT", "Other"]);
    expect(days.map(totalOf)).toEqual([14, 9, 1, 0]);
    expect(days[1]?.amounts).toEqual({ convert: 4, other: 5 });
    expect(total).toBe(24);
  });

  it("names the tool that is left, when it is one", () => {
    const four = ["write", "ocr", "convert", "upscale"].map((tool, rank) => ({
      ...{ day: "2026-11-20", tool, credits: 9 - rank },
    }));
    expect(stack(four).series.map(({ label }) => label)).toEqual(["WRITE", "OCR", "CONVERT", "UPSCALE"]);
    expect(new Set(stack(four).series.map(({ hue }) => hue)).size).toBe(4);
    const { series } = stack([...four, { day: "2026-11-20", tool: null, credits: 1 }]);
    expect(series.map(({ label }) => label)).toEqual(["WRITE", "OCR", "CONVERT", "Other"]);
  });

  it("gives a tool the hue of its name, whatever its rank", () => {
    const first = stack([{ day: "2026-11-20", tool: "convert", credits: 1 }]).series;
    const second = stack([
      { day: "2026-11-20", tool: "ocr", credits: 9 },
      { day: "2026-11-20", tool: "convert", credits: 1 },
    ]).series;
    expect(first[0]?.hue).toBe("c3");
    expect(second.map(({ hue }) => hue)).toEqual(["c1", "c3"]);
  });

  it("leaves days outside the range out of every figure", () => {
    const { days, series, total } = stack([
      { day: "2026-11-19", tool: "write", credits: 9 },
      { day: "2026-11-20", tool: "ocr", credits: 5 },
      { day: "2026-11-24", tool: "ocr", credits: 7 },
    ]);
    expect(total).toBe(5);
    expect(days.map(totalOf)).toEqual([5, 0, 0, 0]);
    expect(series.map(({ key }) => key)).toEqual(["ocr"]);
  });

  it("shows a tool that the catalog no longer has by its slug", () => {
    expect(stack([{ day: "2026-11-20", tool: "gone", credits: 1 }]).series[0]?.label).toBe("gone");
  });
});

it("a range of seven days ends today", () => {
  expect(rangeEnding("2026-03-03", 7)).toEqual({ first: "2026-02-25", last: "2026-03-03" });
});
