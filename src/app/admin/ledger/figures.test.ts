import { describe, expect, it } from "vitest";
import { currenciesOf, grouped, monthsOf, revenueOf, stackMoved, stackOwed, totalsOf } from "./figures";

const line = (month: string, source: string, issued: number, consumed = 0, expired = 0, reversed = 0) => ({
  ...{ month, source, issued, sold: source === "pack" ? issued : 0, carried: 0, consumed, expired, reversed },
});
const moved = [
  line("2026-01", "signup", 100, 40),
  line("2026-01", "pack", 500, 0),
  line("2026-04", "pack", 0, 120, 30, 50),
  line("2026-04", "referral", 10),
  line("2026-04", "adjustment", 5),
];
const nameOf = (source: string) => source.toUpperCase();

describe("totals", () => {
  it("add up: issued is sold and given, and consumed, expired, reversed or outstanding", () => {
    expect(totalsOf({ moved })).toEqual({
      ...{
        issued: 615,
        sold: 500,
        given: 115,
        carried: 0,
        consumed: 160,
        expired: 30,
        reversed: 50,
        outstanding: 375,
      },
    });
    expect(totalsOf({ moved: [] }).outstanding).toBe(0);
  });

  it("count what was carried over neither as issued nor as expired", () => {
    const plan = { ...line("2026-02", "plan", 100, 20, 80), carried: 50 };
    expect(totalsOf({ moved: [plan] })).toMatchObject({
      issued: 100,
      expired: 30,
      outstanding: 50,
      carried: 50,
    });
  });
});

describe("what moved by month", () => {
  it("has every month between, sources in a fixed order with a hue of their own", () => {
    const { days, series, total } = stackMoved(moved, "issued", nameOf);
    expect(days.map(({ day }) => day)).toEqual(["2026-01", "2026-02", "2026-03", "2026-04"]);
    expect(days[0]?.amounts).toEqual({ signup: 100, pack: 500 });
    expect(days[1]?.amounts).toEqual({});
    expect(series.map(({ key, hue }) => `${key} ${hue}`)).toEqual([
      ...["pack c2", "signup c5", "referral c0", "adjustment c0"],
    ]);
    expect(total).toBe(615);
  });

  it("leaves out sources that did not move, and draws those without a hue as one", () => {
    expect(stackMoved(moved, "expired", nameOf).series.map(({ key }) => key)).toEqual(["pack"]);
    const { series, days } = grouped(stackMoved(moved, "issued", nameOf), "Other");
    expect(series.map(({ label }) => label)).toEqual(["PACK", "SIGNUP", "Other"]);
    expect(days[3]?.amounts.other).toBe(15);
  });
});

describe("what is owed by expiry", () => {
  it("puts lots that never expire last", () => {
    const lot = { currency: null, amount: 0 };
    const { days } = stackOwed(
      [
        { month: null, source: "signup", credits: 60, ...lot },
        { month: "2027-01", source: "pack", credits: 300, currency: "USD", amount: 540 },
        { month: "2026-12", source: "pack", credits: 7, currency: "USD", amount: 13 },
        { month: "2026-12", source: "pack", credits: 8, ...lot },
      ],
      nameOf,
    );
    expect(days.map(({ day }) => day)).toEqual(["2026-12", "2027-01", "never"]);
    expect(days[0]?.amounts).toEqual({ pack: 15 });
  });
});

describe("deferred revenue", () => {
  const revenue = [
    {
      currency: "EUR",
      month: "2026-02",
      sold: 900,
      carried: 0,
      consumed: 0,
      expired: 0,
      reversed: 0,
      deferred: 900,
    },
    {
      currency: "USD",
      month: "2025-11",
      sold: 1_000,
      carried: 0,
      consumed: 100,
      expired: 0,
      reversed: 0,
      deferred: 900,
    },
    {
      currency: "USD",
      month: "2026-02",
      sold: 0,
      carried: 0,
      consumed: 400,
      expired: 300,
      reversed: 0,
      deferred: 200,
    },
  ];

  it("stays deferred in months in which nothing moved, up to that of the view", () => {
    expect(
      revenueOf(revenue, "USD", "2026-03").map(({ month, sold, deferred }) => [month, sold, deferred]),
    ).toEqual([
      ["2025-11", 1_000, 900],
      ["2025-12", 0, 900],
      ["2026-01", 0, 900],
      ["2026-02", 0, 200],
      ["2026-03", 0, 200],
    ]);
    expect(revenueOf(revenue, "CHF", "2026-03")).toEqual([]);
  });

  it("names the currency that sold most first", () => {
    expect(currenciesOf(revenue)).toEqual(["USD", "EUR"]);
  });
});

it("counts months over the turn of a year", () => {
  expect(monthsOf(["2027-02", "2026-11"])).toEqual(["2026-11", "2026-12", "2027-01", "2027-02"]);
  expect(monthsOf([])).toEqual([]);
});
