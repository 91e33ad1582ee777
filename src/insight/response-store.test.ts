import { sql } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import type { Responses } from "#platform/response-times";
import { testDatabase } from "#test";
import { keepResponses, percentile } from "./response-store";

const { db } = testDatabase();

function taken(requests: number, bucket: number, more: Partial<Responses> = {}): Responses {
  const buckets = Array.from({ length: 18 }, (_, index) => (index === bucket ? requests : 0));
  return {
    ...{ route: "/api/v1/runs", method: "GET", statusClass: 2, requests, sumMs: requests * 3, buckets },
    ...more,
  };
}

it("what several processes measured in one minute adds up, in the minute and in the hour", async () => {
  await Promise.all([
    keepResponses(new Date("2026-11-26T10:05:10Z"), [taken(3, 0), taken(1, 17, { statusClass: 5 })]),
    keepResponses(new Date("2026-11-26T10:05:25Z"), [taken(1, 17, { statusClass: 5 }), taken(2, 2)]),
  ]);
  await keepResponses(new Date("2026-11-26T10:59:59Z"), [taken(4, 0)]);
  const { rows } = await db().execute(sql`
    select step, to_char(at at time zone 'UTC', 'HH24:MI') as at, status_class as class, requests, sum_ms, b1, b3, b18
    from response_times order by step, at, class`);
  expect(rows).toEqual([
    { step: "hour", at: "10:00", class: 2, requests: 9, sum_ms: 27, b1: 7, b3: 2, b18: 0 },
    { step: "hour", at: "10:00", class: 5, requests: 2, sum_ms: 6, b1: 0, b3: 0, b18: 2 },
    { step: "minute", at: "10:05", class: 2, requests: 5, sum_ms: 15, b1: 3, b3: 2, b18: 0 },
    { step: "minute", at: "10:05", class: 5, requests: 2, sum_ms: 6, b1: 0, b3: 0, b18: 2 },
    { step: "minute", at: "10:59", class: 2, requests: 4, sum_ms: 12, b1: 4, b3: 0, b18: 0 },
  ]);
});

describe("a percentile", () => {
  const buckets = (...counts: number[]) => [...counts, ...Array(18 - counts.length).fill(0)];

  it("is read off the buckets by hand: 90 up to 1 ms, 9 up to 2 ms, 1 up to 5 ms", () => {
    const all = buckets(90, 9, 1);
    expect(percentile(all, 0.5)).toBeCloseTo(50 / 90, 10);
    expect(percentile(all, 0.9)).toBe(1);
    expect(percentile(all, 0.95)).toBeCloseTo(1 + 5 / 9, 10);
    expect(percentile(all, 0.99)).toBe(2);
    expect(percentile(all, 1)).toBe(5);
  });

  it("is not known without answers, and at most the last bound", () => {
    expect(percentile(buckets(), 0.5)).toBeNull();
    expect(percentile([...Array(17).fill(0), 3], 0.5)).toBe(10_000);
  });
});
