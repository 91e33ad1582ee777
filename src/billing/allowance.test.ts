import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { allowancesOf, expiryOf, type PlanLine } from "./allowance";

const at = (text: string) => new Date(`${text}T00:00:00Z`);

function aLine(id: string, from: string, to: string, given: Partial<PlanLine> = {}): PlanLine {
  return {
    ...{ id, credits: 1_000n, interval: "month", proration: false },
    ...{ periodStart: at(from), periodEnd: at(to), invoicedAt: at(from) },
    ...given,
  };
}

const credits = (lines: PlanLine[]) =>
  allowancesOf(lines).map(({ lineId, month, credits }) => [`${lineId}:${month}`, credits]);

describe("the credits of paid lines", () => {
  it("are a month's for a monthly line, at once", () => {
    expect(allowancesOf([aLine("a", "2026-01-31", "2026-02-28")])).toEqual([
      { lineId: "a", month: 0, start: at("2026-01-31"), end: at("2026-02-28"), credits: 1_000n },
    ]);
  });

  it("drip twelve times for a yearly line, on the day of the month it began", () => {
    const months = allowancesOf([aLine("a", "2026-01-31", "2027-01-31", { interval: "year" })]);
    expect(months).toHaveLength(12);
    expect(months.every((month) => month.credits === 1_000n)).toBe(true);
    expect(months.slice(0, 3).map(({ start }) => start)).toEqual([
      at("2026-01-31"),
      at("2026-02-28"),
      at("2026-03-31"),
    ]);
    expect(months.at(-1)?.end).toEqual(at("2027-01-31"));
  });

  it("of a year that begins on a leap day come on the 29th, and expire six hours after their month", () => {
    const months = allowancesOf([aLine("a", "2028-02-29", "2029-02-28", { interval: "year" })]);
    expect(months).toHaveLength(12);
    expect(months.slice(0, 2).map(({ start }) => start)).toEqual([at("2028-02-29"), at("2028-03-29")]);
    const last = months.at(-1);
    expect(last && expiryOf(last, last.start)).toEqual(new Date("2029-02-28T06:00:00Z"));
  });

  it("are the difference for the rest of the month after an upgrade", () => {
    const pro = aLine("pro", "2026-06-01", "2026-07-01");
    const premium = aLine("premium", "2026-06-16", "2026-07-01", { credits: 4_000n, proration: true });
    expect(credits([pro, premium])).toEqual([
      ["pro:0", 1_000n],
      ["premium:0", 1_500n],
    ]);
  });

  it("of a second upgrade in the same month are the difference to the first", () => {
    const pro = aLine("pro", "2026-06-01", "2026-07-01");
    const premium = aLine("premium", "2026-06-16", "2026-07-01", { credits: 4_000n, proration: true });
    const top = aLine("top", "2026-06-25", "2026-07-01", { credits: 25_000n, proration: true });
    expect(credits([pro, premium, top]).at(-1)).toEqual(["top:0", 4_200n]);
  });

  it("of an upgraded year are the difference now and the new plan's from the next month on", () => {
    const pro = aLine("pro", "2026-01-01", "2027-01-01", { interval: "year" });
    const premium = aLine("premium", "2026-06-16", "2027-01-01", {
      ...{ credits: 4_000n, interval: "year", proration: true },
    });
    const given = credits([pro, premium]);
    expect(given.filter(([key]) => `${key}`.startsWith("pro"))).toHaveLength(6);
    expect(given.slice(6)).toEqual([
      ["premium:0", 1_500n],
      ...[1, 2, 3, 4, 5, 6].map((month) => [`premium:${month}`, 4_000n]),
    ]);
  });

  it("of a year that begins in the midst of a paid month leave out what that month gave", () => {
    const month = aLine("month", "2026-06-01", "2026-07-01");
    const year = aLine("year", "2026-06-16", "2027-06-16", { interval: "year" });
    expect(credits([month, year]).slice(0, 3)).toEqual([
      ["month:0", 1_000n],
      ["year:0", 500n],
      ["year:1", 1_000n],
    ]);
  });

  it("are never less than nothing, and what was paid for stays, when a line takes over with less", () => {
    const premium = aLine("premium", "2026-06-01", "2026-07-01", { credits: 4_000n });
    const pro = aLine("pro", "2026-06-16", "2026-07-01", { proration: true });
    expect(credits([premium, pro])).toEqual([["premium:0", 4_000n]]);
  });

  it("of an upgrade in the second of the purchase are together those of the larger plan", () => {
    const pro = aLine("pro", "2026-06-01", "2026-07-01");
    const premium = aLine("premium", "2026-06-01", "2026-07-01", {
      ...{ credits: 4_000n, proration: true, invoicedAt: new Date(at("2026-06-01").getTime() + 1) },
    });
    expect(credits([premium, pro])).toEqual([
      ["pro:0", 1_000n],
      ["premium:0", 3_000n],
    ]);
  });

  it("do not depend on the order in which the lines became known", () => {
    const lines = [
      aLine("a", "2026-01-01", "2026-02-01"),
      aLine("b", "2026-01-11", "2026-02-01", { credits: 4_000n, proration: true }),
      aLine("c", "2026-02-01", "2026-03-01", { credits: 4_000n }),
      aLine("d", "2026-02-09", "2027-02-09", { credits: 25_000n, interval: "year" }),
    ];
    const inOrder = credits(lines);
    fc.assert(
      fc.property(fc.shuffledSubarray(lines, { minLength: lines.length }), (shuffled) => {
        expect(credits(shuffled)).toEqual(inOrder);
      }),
    );
  });
});

describe("the expiry of a month's credits", () => {
  it("leaves Stripe time to collect the renewal", () => {
    expect(expiryOf({ end: at("2026-07-01") }, at("2026-06-01"))).toEqual(new Date("2026-07-01T06:00:00Z"));
  });

  it("is thirty days away when the month was over before its payment was noticed", () => {
    expect(expiryOf({ end: at("2026-07-01") }, at("2026-08-01"))).toEqual(at("2026-08-31"));
  });
});
