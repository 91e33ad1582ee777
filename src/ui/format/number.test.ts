import { describe, expect, it } from "vitest";
import { parseMinor } from "./minor";
import { readMinor, readNumber, readWhole } from "./number";

describe("a number that somebody typed", () => {
  it.each([
    ["2000", 2000],
    ["2,000", 2000],
    ["2 000", 2000],
    ["2\u00a0000", 2000],
    ["2\u202f000", 2000],
    ["1,234,567.5", 1_234_567.5],
    ["12 345", 12_345],
    [" 7 ", 7],
    ["12.5", 12.5],
    ["12,5", 12.5],
    ["12,50", 12.5],
    ["0,075", 0.075],
    ["0.25", 0.25],
    [".5", 0.5],
    ["5.", 5],
    ["2，000", 2000],
    ["１２", 12],
    ["+1,000", 1000],
    ["\u221240", -40],
    ["- 4", -4],
    ["-1,234.5", -1234.5],
  ])("%s is read", (text, number) => {
    expect(readNumber(text)).toBe(number);
  });

  it.each([
    "",
    " ",
    "-",
    "abc",
    "12a",
    "1e3",
    "0x10",
    "Infinity",
    "12,",
    "1,2345",
    "12,3456",
    "1234,567",
    "1,23,456",
    "1,234 567",
    "1,234,56",
    "1.234,5",
    "1.234.567",
    "1.2.3",
    "2,000,",
    "2 00",
    "--1",
  ])("%s is none", (text) => {
    expect(readNumber(text)).toBeNull();
  });
});

it("a whole number is no part and not below 0", () => {
  expect(["2,000", "0", "12.0", " 5 "].map(readWhole)).toEqual([2000, 0, 12, 5]);
  for (const text of ["-1", "1.5", "12,50", "", "99999999999999999999"])
    expect(readWhole(text), text).toBeNull();
});

it("an amount is read to its smallest unit, and to no more places than there are", () => {
  expect(readMinor("1,234.5", 2)).toBe(123_450);
  expect(readMinor("12,50", 2)).toBe(1_250);
  expect(readMinor("0", 2)).toBe(0);
  expect(readMinor("2,000", 0)).toBe(2_000);
  expect(readMinor("0,075", 6)).toBe(75_000);
  expect(readMinor("1.005", 2)).toBeNull();
  expect(readMinor("12,50", 0)).toBeNull();
  expect(readMinor("-1", 2)).toBeNull();
});

it("money is above 0, in the currency's own places", () => {
  expect(parseMinor("1,000", "usd")).toBe(100_000);
  expect(parseMinor("1,000.50", "usd")).toBe(100_050);
  expect(parseMinor("9,5", "eur")).toBe(950);
  expect(parseMinor("1,500", "jpy")).toBe(1_500);
  for (const text of ["0", "-1", "1,2345", "1.999", ""]) expect(parseMinor(text, "usd"), text).toBeNull();
});
