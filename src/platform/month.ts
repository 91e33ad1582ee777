/**
 * Months of one's own, counted from an anchor: what begins on the 31st of January renews on the 28th (or
 * 29th) of February and on the 31st of March again. Every boundary is reckoned from the anchor, never from
 * the boundary before it, or a short month would move all that follow. In UTC. Pure; safe in a browser.
 */

/** From `start` on, before `end`. */
export type Period = { index: number; start: Date; end: Date };

/** When the period of this index begins: the anchor so many months on, at the latest on a month's last day. */
export function monthsAfter(anchor: Date, months: number): Date {
  const boundary = new Date(anchor);
  // First the month, on a day that each has: setting the 31st of a short month would spill into the next.
  boundary.setUTCDate(1);
  boundary.setUTCMonth(anchor.getUTCMonth() + months);
  boundary.setUTCDate(Math.min(anchor.getUTCDate(), daysInMonth(boundary)));
  return boundary;
}

export function monthPeriod(anchor: Date, index: number): Period {
  return { index, start: monthsAfter(anchor, index), end: monthsAfter(anchor, index + 1) };
}

/** The period in which `at` lies; the first, which begins with the anchor, has index 0. */
export function monthPeriodAt(anchor: Date, at: Date): Period {
  const years = at.getUTCFullYear() - anchor.getUTCFullYear();
  const calendarMonths = years * 12 + at.getUTCMonth() - anchor.getUTCMonth();
  // The boundary of this calendar month may be still to come.
  const begun = monthsAfter(anchor, calendarMonths).getTime() <= at.getTime();
  return monthPeriod(anchor, begun ? calendarMonths : calendarMonths - 1);
}

function daysInMonth(at: Date): number {
  return new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1, 0)).getUTCDate();
}
