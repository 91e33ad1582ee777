/** Billing periods, in seconds and UTC. Each boundary is reckoned from the anchor, so a short month moves none after it. */

const seconds = { day: 86_400, week: 7 * 86_400 };

/** The moment so many intervals after `anchor`; at the latest on a month's last day. */
export function addInterval(anchor: number, interval: string, count: number): number {
  if (interval === "day" || interval === "week") return anchor + seconds[interval] * count;
  const start = new Date(anchor * 1000);
  const moment = new Date(start);
  moment.setUTCDate(1);
  moment.setUTCMonth(start.getUTCMonth() + count * (interval === "year" ? 12 : 1));
  const last = new Date(Date.UTC(moment.getUTCFullYear(), moment.getUTCMonth() + 1, 0)).getUTCDate();
  moment.setUTCDate(Math.min(start.getUTCDate(), last));
  return Math.floor(moment.getTime() / 1000);
}

export type Cycle = { interval: string; interval_count: number };

/** The first boundary after `moment` of the cycle that begins with `anchor`. */
export function boundaryAfter(anchor: number, { interval, interval_count }: Cycle, moment: number): number {
  let count = 0;
  let boundary = anchor;
  while (boundary <= moment) {
    count += interval_count;
    boundary = addInterval(anchor, interval, count);
  }
  return boundary;
}

/** The part of an amount that falls on what is left of a period. */
export function prorate(
  amount: number,
  { start, end }: { start: number; end: number },
  moment: number,
): number {
  if (end <= start) return 0;
  return Math.round((amount * Math.max(0, end - moment)) / (end - start));
}
