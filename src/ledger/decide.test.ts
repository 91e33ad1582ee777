import { describe, expect, test } from "vitest";
import { assertBalanced, type Book, type Decision, LedgerFault, nothingWritten, post } from "./book";
import type { Command } from "./command";
import { decide } from "./decide";

const accountId = "acct_test";

function aBook(nowMs = 1_000): Book {
  const empty = { available: 0n, held: 0n, lastEntry: 0n, lastCommand: 0n };
  return {
    accountId,
    ...empty,
    was: empty,
    remembered: false,
    nowMs,
    lots: [],
    holds: new Map(),
    lapsed: new Map(),
    budgets: new Map(),
    ...nothingWritten(),
  };
}

let keys = 0;
type Loose = Command extends infer C ? (C extends Command ? Omit<C, "accountId" | "key"> : never) : never;

/** Decides a command, checking the book's sums afterwards. */
function doing(book: Book, command: Loose) {
  keys += 1;
  const outcome = decide(book, { accountId, key: `key ${keys}`, ...command });
  assertBalanced(book);
  return outcome;
}

function granting(book: Book, credits: bigint, expiresAtMs: number | null = null) {
  const expiresAt = expiresAtMs === null ? null : new Date(expiresAtMs);
  return doing(book, { verb: "grant", credits, source: "pack", expiresAt, cause: "pack" }).grantId;
}

function holding(book: Book, credits: bigint, lifetimeSeconds = 60) {
  const { holdId } = doing(book, { verb: "hold", credits, lifetimeSeconds, cause: "tool:ocr" });
  if (!holdId) throw new Error("no hold");
  return holdId;
}

const journal = (book: Book) =>
  book.entries.map(({ kind, credits, totalAfter }) => [kind, credits, totalAfter]);

describe("a hold", () => {
  test("moves credits from available to held and writes no entry", () => {
    const book = aBook();
    granting(book, 10n);
    holding(book, 4n);
    expect([book.available, book.held]).toEqual([6n, 4n]);
    expect(journal(book)).toEqual([["issued", 10n, 10n]]);
  });

  test("gives back to the lots it came from what a capture leaves, keeping what expires later", () => {
    const book = aBook();
    const early = granting(book, 5n, 9_000);
    const late = granting(book, 5n, 99_000);
    const holdId = holding(book, 8n);
    doing(book, { verb: "capture", holdId, credits: 6n, cause: "tool:ocr" });
    expect(book.lots.map(({ grantId, remaining }) => [grantId, remaining])).toEqual([
      [early, 0n],
      [late, 4n],
    ]);
    expect(book.held).toBe(0n);
  });

  test("does not revive a lot that expired meanwhile: the returned part expires", () => {
    const book = aBook();
    granting(book, 5n, 9_000);
    const holdId = holding(book, 5n);
    book.nowMs = 9_000;
    doing(book, { verb: "capture", holdId, credits: 2n, cause: "tool:ocr" });
    expect(journal(book).slice(1)).toEqual([
      ["consumed", -2n, 3n],
      ["expired", -3n, 0n],
    ]);
    expect(book.available).toBe(0n);
  });

  test("of nothing takes nothing, and can be captured for nothing", () => {
    const book = aBook();
    const holdId = holding(book, 0n);
    expect(doing(book, { verb: "capture", holdId, credits: 0n, cause: "tool:ocr" }).credits).toBe(0n);
    expect(book.entries).toEqual([]);
  });

  test("settles once", () => {
    const book = aBook();
    granting(book, 10n);
    const holdId = holding(book, 4n);
    doing(book, { verb: "release", holdId, cause: "tool:ocr" });
    const closed = expect.objectContaining({ code: "hold_closed" });
    expect(() => doing(book, { verb: "capture", holdId, credits: 1n, cause: "tool:ocr" })).toThrow(closed);
    expect(() => doing(book, { verb: "release", holdId, cause: "tool:ocr" })).toThrow(closed);
    expect(() => doing(book, { verb: "extend", holdId, lifetimeSeconds: 9 })).toThrow(closed);
    expect(book.available).toBe(10n);
  });

  test("cannot be captured for more than it has", () => {
    const book = aBook();
    granting(book, 10n);
    const holdId = holding(book, 4n);
    expect(() => doing(book, { verb: "capture", holdId, credits: 5n, cause: "tool:ocr" })).toThrow(
      expect.objectContaining({ code: "hold_exceeded", facts: { held: 4, asked: 5 } }),
    );
  });

  test("is extended but never shortened", () => {
    const book = aBook();
    const holdId = holding(book, 0n, 60);
    const deadline = () => book.holds.get(holdId)?.expiresAtMs;
    doing(book, { verb: "extend", holdId, lifetimeSeconds: 30 });
    expect(deadline()).toBe(61_000);
    doing(book, { verb: "extend", holdId, lifetimeSeconds: 90 });
    expect(deadline()).toBe(91_000);
  });

  test("past its deadline is expired by the reaper, unless it was extended", () => {
    const book = aBook();
    granting(book, 10n);
    const holdId = holding(book, 4n, 60);
    book.nowMs = 60_999;
    expect(doing(book, { verb: "expire", holdId }).credits).toBe(0n);
    expect(book.held).toBe(4n);
    book.nowMs = 61_000;
    expect(doing(book, { verb: "expire", holdId }).credits).toBe(4n);
    expect(book.holds.get(holdId)?.status).toBe("expired");
    expect([book.available, book.held]).toEqual([10n, 0n]);
  });
});

describe("an expired lot (L6)", () => {
  test("cannot be spent however late the job is: the decision expires it on the way", () => {
    const book = aBook();
    granting(book, 5n, 2_000);
    granting(book, 3n);
    book.nowMs = 2_000;
    expect(() => doing(book, { verb: "charge", credits: 4n, cause: "tool:ocr" })).toThrow(
      expect.objectContaining({ facts: { need: 4, have: 3 } }),
    );
    expect(journal(book).at(-1)).toEqual(["expired", -5n, 3n]);
  });

  test("is reported by the command that asks for it", () => {
    const book = aBook();
    granting(book, 5n, 2_000);
    book.nowMs = 5_000;
    expect(doing(book, { verb: "expire" })).toMatchObject({ credits: 5n, available: 0n });
    expect(doing(book, { verb: "expire" }).credits).toBe(0n);
  });
});

describe("a reversal", () => {
  test("takes back the unspent credits of one lot", () => {
    const book = aBook();
    granting(book, 5n);
    const grantId = granting(book, 5n);
    if (!grantId) throw new Error("no lot");
    doing(book, { verb: "reverse", grantId, credits: 5n, cause: "refund" });
    expect(journal(book).at(-1)).toEqual(["reversed", -5n, 5n]);
  });

  test("of more than is left is refused and says what is left", () => {
    const book = aBook();
    const grantId = granting(book, 5n);
    if (!grantId) throw new Error("no lot");
    doing(book, { verb: "charge", credits: 2n, cause: "tool:ocr" });
    expect(() => doing(book, { verb: "reverse", grantId, credits: 5n, cause: "refund" })).toThrow(
      expect.objectContaining({ code: "insufficient_credits", facts: { need: 5, have: 3 } }),
    );
  });
});

describe("a wrong change is caught before it is written", () => {
  const change = (move: Partial<Decision["moves"][number]>) => {
    const book = aBook();
    granting(book, 5n);
    const [lot] = book.lots;
    if (!lot) throw new Error("no lot");
    post(book, {
      moves: [{ lot, remaining: 0n, held: 0n, kind: null, ...move }],
      cause: "test",
      reference: null,
      holdId: null,
    });
  };

  test.each([
    ["L1", "more than the lot has", { remaining: -6n, kind: "consumed" } as const],
    ["L4", "more than was granted", { remaining: 1n, kind: "issued" } as const],
    ["L7", "credits that leave without an entry", { remaining: -1n }],
    ["L7", "a consumption that adds", { remaining: 0n, held: 0n, kind: "consumed" } as const],
  ])("%s: %s", (invariant, _what, move) => {
    expect(() => change(move)).toThrow(LedgerFault);
    expect(() => change(move)).toThrow(invariant);
  });

  test.each<[string, string, (book: Book) => void]>([
    ["L2", "available that no lot has", (book) => (book.available += 1n)],
    ["L3", "held that no lot holds", (book) => (book.held += 1n)],
    [
      "L4",
      "a hold that took less than it reserves",
      (book) => {
        for (const [id, hold] of book.holds) book.holds.set(id, { ...hold, credits: hold.credits + 1n });
      },
    ],
  ])("%s: %s", (invariant, _what, breakIt) => {
    const book = aBook();
    granting(book, 5n);
    holding(book, 2n);
    breakIt(book);
    expect(() => assertBalanced(book)).toThrow(LedgerFault);
    expect(() => assertBalanced(book)).toThrow(invariant);
  });
});

describe("carrying over", () => {
  const ended = 2_000;
  const carrying = (book: Book, most: bigint) =>
    doing(book, {
      verb: "carry",
      endedAt: new Date(ended),
      most,
      expiresAt: new Date(9_000),
      cause: "rollover",
    });

  function aPeriod(unspent: bigint) {
    const book = aBook();
    const plan = { verb: "grant", source: "plan", expiresAt: new Date(ended), cause: "plan" } as const;
    doing(book, { ...plan, credits: unspent });
    book.nowMs += 1;
    granting(book, 7n, ended);
    granting(book, 3n);
    book.nowMs = ended;
    return book;
  }

  test("grants again what the plan's lots left unspent, as a lot of its own", () => {
    const book = aPeriod(30n);
    expect(carrying(book, 50n)).toMatchObject({ credits: 30n, available: 33n });
    expect(book.lots.filter(({ remaining }) => remaining > 0n)).toMatchObject([
      { source: "plan", remaining: 30n, expiresAtMs: 9_000 },
      { source: "pack", remaining: 3n, expiresAtMs: null },
    ]);
  });

  test("stops at the cap, and leaves packs alone", () => {
    const book = aPeriod(80n);
    expect(carrying(book, 50n)).toMatchObject({ credits: 50n, available: 53n });
    expect(
      journal(book)
        .slice(3)
        .map(([kind, credits]) => [kind, credits]),
    ).toEqual([
      ["expired", -80n],
      ["expired", -7n],
      ["issued", 50n],
    ]);
  });

  test("comes to nothing when nothing was left, and says so", () => {
    const book = aPeriod(30n);
    book.nowMs = 1_500;
    doing(book, { verb: "charge", credits: 37n, cause: "tool:ocr" });
    book.nowMs = ended;
    expect(carrying(book, 50n)).toMatchObject({ credits: 0n, grantId: null, available: 3n });
  });

  test("waits for the end: before it the lots are still to be spent", () => {
    const book = aPeriod(30n);
    book.nowMs = ended - 1;
    expect(() => carrying(book, 50n)).toThrow("busy");
    expect(book.available).toBe(40n);
  });

  test("does not count what a run still holds", () => {
    const book = aPeriod(30n);
    book.nowMs = 1_500;
    holding(book, 10n);
    book.nowMs = ended;
    // The hold took from the plan's lot, which is the older of two that expire together.
    expect(carrying(book, 50n)).toMatchObject({ credits: 20n });
  });
});
