import { expect, test } from "vitest";
import { monthsAfter } from "#platform/month";
import { amountOf } from "./lot-payment";

const at = (text: string) => new Date(`${text}T00:00:00Z`);
const amount = (amountCents: number, from: string, to: string) => ({
  ...{ amountCents, periodStart: at(from), periodEnd: at(to) },
});

test("a year's amount is divided among its months to the last cent", () => {
  const year = amount(9_999, "2027-01-31", "2028-01-31");
  const months = Array.from({ length: 12 }, (_, index) => ({
    start: monthsAfter(at("2027-01-31"), index),
    end: monthsAfter(at("2027-01-31"), index + 1),
  }));
  const parts = months.map((month) => amountOf(year, month));
  expect(parts.reduce((sum, part) => sum + part, 0)).toBe(9_999);
  // By their length: February's 28 days, March's 31.
  expect(parts.slice(0, 2)).toEqual([767, 849]);
});

test("an upgrade's first month is paid for with what came in, the rest of the year in full", () => {
  const premium = amount(12_000, "2027-06-16", "2028-01-01");
  const unused = amount(-2_000, "2027-06-16", "2028-01-01");
  const first = { start: at("2027-06-16"), end: at("2027-07-01") };
  const second = { start: at("2027-07-01"), end: at("2027-08-01") };
  expect(amountOf(premium, first, [unused])).toBe(905 - 151);
  expect(amountOf(premium, second)).toBe(1_869);
});

test("what is credited back beyond it makes no lot worth less than nothing", () => {
  const month = { start: at("2027-06-16"), end: at("2027-07-01") };
  const line = amount(100, "2027-06-16", "2027-07-01");
  expect(amountOf(line, month, [amount(-300, "2027-06-16", "2027-07-01")])).toBe(0);
});
