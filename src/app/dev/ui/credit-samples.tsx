"use client";

import { useState } from "react";
import type { BalanceJson } from "#api/contract";
import { Amount } from "#ui/credits/amount";
import { BalanceFigures, BalanceSkeleton } from "#ui/credits/balance-card";
import type { Price } from "#ui/credits/price";
import { PriceButton, PriceLines } from "#ui/credits/price-button";
import { Shortfall } from "#ui/credits/shortfall";
import { Card } from "#ui/primitives/card";
import { Slider } from "#ui/primitives/slider";
import { Sample, type SamplesProps } from "./sample";

const balance: BalanceJson = {
  available: 1_246,
  held: 12,
  total: 1_258,
  nextExpiry: { at: "2026-12-31T23:00:00Z", credits: 300 },
  lots: [
    {
      grantId: "grant_1",
      source: "promo",
      credits: 400,
      remaining: 300,
      held: 12,
      expiresAt: "2026-12-31T23:00:00Z",
      createdAt: "2026-11-01T10:00:00Z",
    },
    {
      grantId: "grant_2",
      source: "signup",
      credits: 1_000,
      remaining: 946,
      held: 0,
      expiresAt: null,
      createdAt: "2026-10-01T10:00:00Z",
    },
  ],
};

const none: BalanceJson = { available: 0, held: 0, total: 0, nextExpiry: null, lots: [] };

function priceOf(pages: number, kind: Price["kind"], available = 1_246): Price {
  const credits = pages * 2;
  return {
    kind,
    credits,
    lines: [{ label: "pages", quantity: pages, unitCredits: 2, credits }],
    available,
    availableAfter: available - credits,
    short: Math.max(0, credits - available),
  };
}

const run = (): void => undefined;

export function CreditSamples(_: SamplesProps) {
  const [pages, setPages] = useState(3);
  return (
    <>
      <Sample name="Amount" className="gap-6">
        <Amount credits={1} glyph />
        <Amount credits={1_250n} glyph />
        <Amount credits={-4} signed />
        <Amount credits={100} signed />
        <Amount credits={12_500_000} bare />
      </Sample>
      <Sample name="PriceButton, PriceLines" className="grid gap-6 sm:grid-cols-2">
        <div className="grid gap-3">
          <Slider
            label="pages"
            value={pages}
            onValueChange={setPages}
            min={1}
            max={40}
            valueText={`${pages} pages`}
          />
          <PriceButton price={priceOf(pages, "exact")} onRun={run} />
          <PriceLines price={priceOf(pages, "exact")} />
        </div>
        <PriceButton price={priceOf(6, "upTo")} onRun={run} />
        <PriceButton price={null} onRun={run} />
        <PriceButton price={priceOf(2, "exact")} onRun={run} busy />
        <PriceButton price={priceOf(9, "exact", 5)} onRun={run} blocked="…" />
        <PriceButton price={null} free onRun={run} />
      </Sample>
      <Sample name="Shortfall" className="grid">
        <Shortfall need={12} have={5} />
      </Sample>
      <Sample name="Balance" className="grid sm:grid-cols-2">
        {[balance, none].map((shown) => (
          <Card key={shown.total} className="p-5">
            <BalanceFigures balance={shown} />
          </Card>
        ))}
        <Card className="p-5">
          <BalanceSkeleton />
        </Card>
      </Sample>
    </>
  );
}
