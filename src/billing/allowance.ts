import { monthsAfter } from "#platform/month";
import type { Interval } from "./catalogue";

/**
 * Which credits the paid lines of a subscription give, and when. Pure: from the lines alone, in whatever
 * order they became known, so that late, doubled and shuffled events come to the same.
 */

/** A paid line of a plan. */
export type PlanLine = {
  id: string;
  /** Per month, what the line's price promises. */
  credits: bigint;
  interval: Interval;
  /** A part of a period, after a change of plan in its midst. */
  proration: boolean;
  periodStart: Date;
  periodEnd: Date;
  /** Of its invoice: which of two lines that begin together came first. */
  invoicedAt: Date;
};

/** A month of a line: from `start` on its credits are due, for use until `end`. */
export type Allowance = { lineId: string; month: number; start: Date; end: Date; credits: bigint };

/** Stripe collects a renewal about an hour after the period's end; until then nobody should run dry. */
const marginHours = 6;
/** Credits that became known only when their month was over last so long from then. */
const lateDays = 30;

type Placed = PlanLine & {
  /** Where the whole period lies of which the line may be a part. */
  anchor: Date;
  before: Placed | null;
};

/** Every month of every line of one subscription. */
export function allowancesOf(lines: readonly PlanLine[]): Allowance[] {
  const placed = place(lines);
  return placed.flatMap((line, index) => {
    // The next line takes over where it begins: from there on its months count, not this one's.
    const cut = placed[index + 1]?.periodStart ?? line.periodEnd;
    return monthsOf(line)
      .filter(({ month, start }) => month === 0 || start.getTime() < cut.getTime())
      .filter(({ credits }) => credits > 0n);
  });
}

/** Until when the credits of a month can be spent, if they are granted at `now`. */
export function expiryOf({ end }: Pick<Allowance, "end">, now: Date): Date {
  const regular = regularExpiry(end);
  return regular > now ? regular : new Date(now.getTime() + lateDays * 86_400_000);
}

/** When the credits of a month that ends then expire, if they were granted in time. */
export function regularExpiry(end: Date): Date {
  return new Date(end.getTime() + marginHours * 3_600_000);
}

/** In the order in which they began, each with the whole period that it belongs to. */
function place(lines: readonly PlanLine[]): Placed[] {
  const placed: Placed[] = [];
  for (const line of [...lines].sort(byStart)) {
    const last = placed.at(-1);
    const within = last && last.periodEnd.getTime() > line.periodStart.getTime() ? last : null;
    const sharesPeriod = within?.interval === line.interval && sameTime(within.periodEnd, line.periodEnd);
    const anchor = line.proration && within && sharesPeriod ? within.anchor : line.periodStart;
    placed.push({ ...line, anchor, before: within });
  }
  return placed;
}

function monthsOf(line: Placed): Allowance[] {
  return fullMonths(line)
    .filter((full) => full.end.getTime() > line.periodStart.getTime())
    .map((full, month) => {
      const start = month === 0 ? line.periodStart : full.start;
      const share = shareOf(full, start, full.end);
      const given = up(line.credits, share);
      // What the line before has given for the same time: an upgrade gives the difference.
      const before = month === 0 && line.before ? alreadyGiven(line.before, start, full.end) : 0n;
      return { lineId: line.id, month, start, end: full.end, credits: given > before ? given - before : 0n };
    });
}

type Span = { start: Date; end: Date };

/** The whole months of the line's period: one of a monthly line, those from the anchor on of a yearly one. */
function fullMonths({ anchor, interval, periodEnd }: Placed): Span[] {
  if (interval === "month") return [{ start: anchor, end: periodEnd }];
  const spans: Span[] = [];
  for (let index = 0; monthsAfter(anchor, index).getTime() < periodEnd.getTime(); index++) {
    const end = monthsAfter(anchor, index + 1);
    spans.push({
      start: monthsAfter(anchor, index),
      end: end.getTime() < periodEnd.getTime() ? end : periodEnd,
    });
  }
  return spans;
}

/** The credits of the line's month in which `start` lies, for the part of it between `start` and `end`. */
function alreadyGiven(line: Placed, start: Date, end: Date): bigint {
  const month = fullMonths(line).find(
    (full) => full.start.getTime() <= start.getTime() && start.getTime() < full.end.getTime(),
  );
  if (!month) return 0n;
  const until = month.end.getTime() < end.getTime() ? month.end : end;
  return down(line.credits, shareOf(month, start, until));
}

type Share = { part: bigint; whole: bigint };

function shareOf(full: Span, start: Date, end: Date): Share {
  const from = Math.max(start.getTime(), full.start.getTime());
  return {
    part: BigInt(Math.max(0, end.getTime() - from)),
    whole: BigInt(full.end.getTime() - full.start.getTime()),
  };
}

function down(credits: bigint, { part, whole }: Share): bigint {
  return whole === 0n ? 0n : (credits * part) / whole;
}

function up(credits: bigint, { part, whole }: Share): bigint {
  return whole === 0n ? 0n : (credits * part + whole - 1n) / whole;
}

/** Stripe's times are whole seconds: of two lines that began in one, the smaller was left for the larger. */
function byStart(a: PlanLine, b: PlanLine): number {
  return (
    a.periodStart.getTime() - b.periodStart.getTime() ||
    a.invoicedAt.getTime() - b.invoicedAt.getTime() ||
    Number(a.credits - b.credits) ||
    a.periodEnd.getTime() - b.periodEnd.getTime() ||
    (a.id < b.id ? -1 : 1)
  );
}

function sameTime(a: Date, b: Date): boolean {
  return a.getTime() === b.getTime();
}
