import { expect, it } from "vitest";
import type { BalanceJson } from "#api/contract";
import { noticeOf } from "./balance-notice";

const now = new Date("2026-11-23T12:00:00Z");

function aBalance({
  granted = 100,
  available = 0,
  held = 0,
  expiresAt = null as string | null,
}): BalanceJson {
  const createdAt = "2026-11-01T00:00:00.000Z";
  const lot = { grantId: "grant_1", source: "signup" as const, credits: granted, createdAt, expiresAt };
  return {
    ...{ available, held, total: available + held },
    nextExpiry: expiresAt === null ? null : { at: expiresAt, credits: available },
    lots: available + held > 0 ? [{ ...lot, remaining: available, held }] : [],
  };
}

it("says nothing while there is plenty", () => {
  expect(noticeOf(aBalance({ available: 21 }), now)).toBeNull();
});

it("speaks up when four fifths are used", () => {
  expect(noticeOf(aBalance({ available: 20 }), now)).toMatchObject({ kind: "low", credits: 20 });
});

it("does not take credits on hold for used ones", () => {
  expect(noticeOf(aBalance({ available: 10, held: 15 }), now)).toBeNull();
});

it("says when all is used", () => {
  expect(noticeOf(aBalance({}), now)?.kind).toBe("empty");
});

it("tells of credits that expire within a week", () => {
  const soon = aBalance({ available: 80, expiresAt: "2026-11-30T11:00:00.000Z" });
  expect(noticeOf(soon, now)).toMatchObject({
    kind: "expiring",
    credits: 80,
    at: "2026-11-30T11:00:00.000Z",
  });
  expect(noticeOf(aBalance({ available: 80, expiresAt: "2026-12-01T11:00:00.000Z" }), now)).toBeNull();
});

it("says only the more pressing of two things", () => {
  const both = aBalance({ available: 5, expiresAt: "2026-11-24T00:00:00.000Z" });
  expect(noticeOf(both, now)?.kind).toBe("low");
});
