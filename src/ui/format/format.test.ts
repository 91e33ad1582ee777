import { createTranslator } from "next-intl";
import { describe, expect, it } from "vitest";
import type { Locale } from "#i18n/locale";
import { messages } from "#i18n/messages";
import { formats } from "./formats";
import { waitOf } from "./wait";

const en = formats({ locale: "en", timeZone: "Europe/Berlin" });
const zh = formats({ locale: "zh", timeZone: "Asia/Shanghai" });
const evening = "2026-12-31T20:05:09Z";

describe("credits", () => {
  it("are grouped and carry their unit", () => {
    expect(en.credits(1)).toBe("1 credit");
    expect(en.credits(1n)).toBe("1 credit");
    expect(en.credits(0)).toBe("0 credits");
    expect(en.credits(1250n)).toBe("1,250 credits");
    expect(zh.credits(1250)).toBe("1,250 积分");
  });

  it("change with a sign as wide as a plus", () => {
    expect(en.signed(-4)).toBe("\u22124");
    expect(en.signed(1000n)).toBe("+1,000");
    expect(en.signed(0)).toBe("0");
    expect(zh.credits(-1250)).toBe("\u22121,250 积分");
  });
});

describe("months", () => {
  it("are the same in every zone", () => {
    expect(en.month("2026-12")).toBe("Dec 2026");
    expect(zh.month("2026-01")).toBe("2026年1月");
  });
});

describe("money", () => {
  it("has two decimals or none", () => {
    expect(en.money(900, "USD")).toBe("$9");
    expect(en.money(1250, "USD")).toBe("$12.50");
    expect(en.money(-1250, "USD")).toBe("\u2212$12.50");
    expect(zh.money(123450, "CNY")).toBe("¥1,234.50");
  });

  it("knows currencies without cents", () => {
    expect(en.money(500, "JPY")).toBe("¥500");
    expect([en.money(500, "cny"), zh.money(500, "jpy")]).toEqual(["CN¥5", "JP¥500"]);
  });
});

describe("time", () => {
  it("is told in the reader's zone", () => {
    expect(en.dateTime(evening)).toBe("31 Dec 2026, 21:05");
    expect(zh.dateTime(evening)).toBe("2027年1月1日 04:05");
    expect(en.utc(evening)).toBe("2026-12-31 20:05:09 UTC");
    expect(en.exactTime(evening)).toBe("31 Dec 2026, 21:05:09");
    expect(en.shortDate(evening)).toBe("31 Dec");
    expect(zh.shortDate(evening)).toBe("1月1日");
  });

  it("is relative within a week", () => {
    const now = new Date("2026-12-31T20:07:10Z");
    expect(en.relative(evening, now)).toBe("2 minutes ago");
    expect(zh.relative(evening, now)).toBe("2分钟前");
    expect(en.relative(now, now)).toBe("now");
    expect(en.relative("2027-01-02T20:07:10Z", now)).toBe("in 2 days");
    expect(en.relative("2026-12-01T00:00:00Z", now)).toBe("1 Dec 2026");
  });

  it("spans show at most two units", () => {
    expect(en.duration(0.84)).toBe("0.8 s");
    expect(zh.duration(0.03)).toBe("<0.1 秒");
    expect(en.duration(9.97)).toBe("10 s");
    expect(en.duration(59.6)).toBe("1 min");
    expect(en.duration(185)).toBe("3 min 5 s");
    expect(zh.duration(3700)).toBe("1 小时 1 分");
    expect(en.duration(90_000)).toBe("1 d 1 h");
    expect(en.duration(-5)).toBe("0 s");
    expect([en.latency(3.46), en.latency(12), en.latency(1234)]).toEqual(["3.5 ms", "12 ms", "1.2 s"]);
    expect(zh.latency(12)).toBe("12 毫秒");
  });
});

describe("bytes", () => {
  it.each([
    [0, "0 B"],
    [999, "999 B"],
    [1500, "1.5 kB"],
    [20_000_000, "20 MB"],
    [123_456_789, "123 MB"],
    [2_500_000_000, "2.5 GB"],
  ])("%d reads %s", (bytes, text) => {
    expect(en.bytes(bytes)).toBe(text);
  });
});

describe("a wait", () => {
  const told = (locale: Locale, seconds: number) => {
    const problem = createTranslator({ locale, messages: messages[locale], namespace: "problems" });
    const run = createTranslator({ locale, messages: messages[locale], namespace: "tools.run" });
    return [problem("rate_limited", waitOf(seconds)), run("rateLimited", waitOf(seconds))];
  };

  it("is said in seconds, from 90 on in minutes, from 90 minutes on in hours, and never too short", () => {
    const first = (seconds: number) => told("en", seconds)[0];
    expect(first(0)).toBe("Too many requests. Try again in a moment.");
    expect(first(1)).toBe("Too many requests. Try again in 1 second.");
    expect(first(89)).toBe("Too many requests. Try again in 89 seconds.");
    expect(first(90)).toBe("Too many requests. Try again in 2 minutes.");
    expect(first(888)).toBe("Too many requests. Try again in 15 minutes.");
    expect(first(5_399)).toBe("Too many requests. Try again in 90 minutes.");
    expect(first(5_400)).toBe("Too many requests. Try again in 2 hours.");
    expect(first(86_400)).toBe("Too many requests. Try again in 24 hours.");
  });

  it("reads in both languages, at the Run button too", () => {
    expect(told("en", 888)[1]).toBe("Too many runs at once. You can run again in 15 minutes.");
    expect(told("zh", 888)).toEqual([
      "请求过于频繁，请 15 分钟后再试。",
      "运行过于频繁，15 分钟后可再次运行。",
    ]);
    expect(told("zh", 0)[0]).toBe("请求过于频繁，请稍后再试。");
    expect(told("zh", 5_400)[0]).toBe("请求过于频繁，请 2 小时后再试。");
  });
});
