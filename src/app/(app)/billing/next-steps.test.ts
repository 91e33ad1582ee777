import { NextIntlClientProvider } from "next-intl";
import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, it } from "vitest";
import type { BillingJson } from "#api/contract";
import { seed } from "#billing/catalogue";
import { type Locale, messages } from "#i18n";
import { CatalogueProvider } from "#ui/billing/on-sale";
import { NextSteps } from "./next-steps";

const off: BillingJson["topUp"] = {
  ...{ enabled: false, thresholdCredits: null, packId: null, monthlyLimitCents: null, currency: null },
  ...{ spentThisMonthCents: 0, limitReached: false, monthEndsAt: "2026-12-01T00:00:00.000Z", paused: null },
};
const on: BillingJson["topUp"] = {
  ...{ ...off, enabled: true, thresholdCredits: 100, packId: "small" },
  ...{ monthlyLimitCents: 4_500, currency: "usd" },
};

/** Somebody on Free, whose credits come on the first of the month. */
const free: BillingJson = {
  ...{ sells: true, card: null, flagged: false, subscription: null, pendingChange: null, nextCharge: null },
  plan: {
    ...{ id: "free", creditsPerMonth: 100, rolloverCap: 0 },
    entitlements: { tools: "all", concurrentRuns: 1, fileMb: 10, retentionDays: 7, priority: 0 },
  },
  trial: { state: "available", planId: "pro", days: 7, credits: 200, endsAt: null },
  ...{ pastDue: null, topUp: off, next: [] },
};
const refill: BillingJson["next"][number] = {
  ...{ kind: "refill", planId: "free", at: "2026-12-01T00:00:00.000Z", credits: 100 },
  ...{ amountCents: null, currency: null },
};

function said(billing: BillingJson, locale: Locale = "en"): string {
  const page = createElement(CatalogueProvider, { value: seed }, createElement(NextSteps, { billing }));
  const words = { locale, messages: messages[locale], timeZone: "UTC", children: page };
  return renderToStaticMarkup(createElement(NextIntlClientProvider, words)).replaceAll(/<[^>]+>/g, " ");
}

describe("what happens next", () => {
  it("says that nothing will be charged only where nothing can be: not while auto top-up may", () => {
    expect(said(free)).toContain("Nothing is planned and nothing will be charged.");
    expect(said({ ...free, next: [refill] })).toContain("Nothing will be charged.");
    for (const next of [[], [refill]]) {
      expect(said({ ...free, topUp: on, next })).not.toMatch(/nothing will be charged/i);
      expect(said({ ...free, topUp: on, next }, "zh")).not.toMatch(/不会扣款|也不会/);
    }
  });

  it("says what auto top-up may charge: its pack, its threshold and its monthly limit", () => {
    expect(said({ ...free, topUp: on })).toContain(
      "may charge $9 for 500 credits at any time your balance is below 100 credits, and at most $45 a month",
    );
    expect(said({ ...free, topUp: on }, "zh")).toMatch(/100.*\$9.*500.*\$45/);
  });

  it("says that auto top-up charges nothing while it is paused", () => {
    const paused = { reason: "declined", since: "2026-11-20T00:00:00.000Z", payUrl: null } as const;
    expect(said({ ...free, topUp: { ...on, paused } })).toContain("paused and charges nothing meanwhile");
  });
});
