import { describe, expect, it } from "vitest";
import { endedWithin, filterParsers, filterQuery, isFiltered, noFilter, showsHold, spanOf } from "./filter";

describe("the entry filter", () => {
  it("asks for whole days of the reader's zone, the last one included", () => {
    const filter = { ...noFilter, from: "2026-11-01", to: "2026-11-02" };
    expect(filterQuery(filter, "Asia/Shanghai")).toEqual({
      kind: null,
      tool: null,
      from: "2026-10-31T16:00:00.000Z",
      to: "2026-11-02T16:00:00.000Z",
    });
  });

  it("ignores days that do not exist and kinds that it does not know", () => {
    expect(filterParsers.from.parse("2026-02-30")).toBeNull();
    expect(filterParsers.from.parse("2026-02-28")).toBe("2026-02-28");
    expect(filterParsers.kind.parse("gift")).toBeNull();
  });

  it("is off when nothing is chosen", () => {
    expect(isFiltered(noFilter)).toBe(false);
    expect(isFiltered({ ...noFilter, to: "2026-02-28" })).toBe(true);
  });
});

describe("an open hold", () => {
  const hold = { cause: "tool:ocr", createdAt: "2026-11-23T23:30:00.000Z", endedAt: null };
  const shown = (filter: Partial<typeof noFilter>) =>
    showsHold({ ...noFilter, ...filter }, hold, "Europe/Berlin");

  it("stands among all entries and those of its tool", () => {
    expect(shown({})).toBe(true);
    expect(shown({ tool: "ocr" })).toBe(true);
    expect(shown({ tool: "upscale" })).toBe(false);
  });

  it("is no entry, so it is of no kind", () => {
    expect(shown({ kind: "consumed" })).toBe(false);
  });

  it("belongs to its day in the reader's zone", () => {
    expect(shown({ from: "2026-11-24" })).toBe(true);
    expect(shown({ to: "2026-11-23" })).toBe(false);
  });
});

describe("a hold that expired", () => {
  const at = (minute: number) => `2026-11-24T12:${minute}:00.000Z`;
  const entries = (...minutes: number[]) => minutes.map((minute) => ({ createdAt: at(minute) }));
  const pages = [entries(58, 50), entries(40, 30), entries(20, 10)];
  const shownOn = (minute: number) =>
    pages.flatMap((page, index) => {
      const span = spanOf(page, pages[index + 1] ?? null, { first: index === 0 });
      return endedWithin({ endedAt: at(minute) }, span) ? [index] : [];
    });

  it("stands on just one page, also when it ended between two", () => {
    expect([59, 55, 45, 40, 35, 25, 20, 15, 11].map(shownOn)).toEqual([
      ...[[0], [0], [0]],
      ...[[1], [1], [1]],
      ...[[2], [2], [2]],
    ]);
  });

  it("stands alone where there are no entries, and not at all while it is open", () => {
    const span = spanOf([], null, { first: true });
    expect([at(30), null].map((endedAt) => endedWithin({ endedAt }, span))).toEqual([true, false]);
  });

  it("belongs to the day it ended on", () => {
    const hold = { cause: "tool:ocr", createdAt: "2026-11-23T22:30:00.000Z", endedAt: at(30) };
    expect(showsHold({ ...noFilter, from: "2026-11-24" }, hold, "Europe/Berlin")).toBe(true);
    expect(showsHold({ ...noFilter, to: "2026-11-23" }, hold, "Europe/Berlin")).toBe(false);
  });
});
