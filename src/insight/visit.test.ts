import { describe, expect, it } from "vitest";
import { arrivalOf, countryOf, optsOut, pagePath, sourceOf, unwanted } from "./visit";

const browser =
  "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36";

function from(agent: string, headers: Record<string, string> = {}): Headers {
  return new Headers({ "user-agent": agent, ...headers });
}

describe("a visit", () => {
  it("of a person counts, of a program or a page prepared in advance it does not", () => {
    expect(unwanted(from(browser))).toBeNull();
    for (const agent of [
      "",
      "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
      "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/141.0.0.0",
      "curl/8.5.0 with a name that is long enough",
      "python-requests/2.32.3 (a program of ours)",
    ])
      expect(unwanted(from(agent)), agent).toBe("program");
    expect(unwanted(from(browser, { "sec-purpose": "prefetch;prerender" }))).toBe("prefetch");
    expect(unwanted(from(browser, { purpose: "prefetch" }))).toBe("prefetch");
  });

  it("leaves nothing of whoever asks not to be tracked", () => {
    expect(optsOut(from(browser))).toBe(false);
    expect(optsOut(from(browser, { dnt: "1" }))).toBe(true);
    expect(optsOut(from(browser, { "sec-gpc": "1" }))).toBe(true);
    expect(optsOut(from(browser, { dnt: "0" }))).toBe(false);
  });

  it("is kept without ids, secrets, query and language", () => {
    expect(pagePath("/zh/tools/image-convert?utm_source=x#top")).toBe("/tools/image-convert");
    expect(pagePath("/runs/run_01kaqtwsvf3h5m8w9z0x1c2v3b")).toBe("/runs/[id]");
    expect(pagePath("/verify?token=s3cret")).toBe("/verify");
    expect(pagePath("/reset/Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6")).toBe("/reset/[id]");
    expect(pagePath("/")).toBe("/");
    expect(pagePath("/zh")).toBe("/");
  });

  it("comes from a campaign, a customer's link, another site, or nowhere known", () => {
    const arrive = (referrer: string, search = "") => arrivalOf(referrer, search, "tools.example.com");
    const campaign = arrive("https://www.google.com/search?q=us", "?utm_source=News&utm_campaign=May");
    expect(campaign).toEqual({
      referrer: "google.com",
      utmSource: "news",
      utmMedium: null,
      utmCampaign: "may",
    });
    expect(sourceOf(campaign, true)).toBe("news");
    expect(sourceOf(arrive("https://news.ycombinator.com/item?id=1"), true)).toBe("referral");
    expect(sourceOf(arrive("https://news.ycombinator.com/item?id=1"), false)).toBe("news.ycombinator.com");
    for (const nothing of ["", "https://tools.example.com/pricing", "http://192.168.0.7/", "not a url"]) {
      expect(sourceOf(arrive(nothing), false), nothing).toBe("direct");
    }
  });

  it("has a country only where the operator's proxy names one", () => {
    const headers = new Headers({ "cf-ipcountry": "de" });
    expect(countryOf(headers, "cf-ipcountry")).toBe("DE");
    expect(countryOf(headers, undefined)).toBeNull();
    expect(countryOf(new Headers({ "cf-ipcountry": "XX" }), "cf-ipcountry")).toBeNull();
    expect(countryOf(new Headers({ "cf-ipcountry": "<b>" }), "cf-ipcountry")).toBeNull();
  });
});
