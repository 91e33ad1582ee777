/**
 * Days as people count them: "2026-12-31" in an IANA zone. A day has 23 to 25 hours, and in some zones and
 * years it does not begin at midnight; so days are never counted in milliseconds.
 */

/** The day of a moment in a zone, as YYYY-MM-DD. */
export function dayOf(moment: Date, timeZone: string): string {
  const part = partsOf(moment, timeZone);
  return `${part.year}-${part.month}-${part.day}`;
}

/** The first moment of a day in a zone. @throws RangeError for what is no day. */
export function startOfDay(day: string, timeZone: string): Date {
  const midnight = parseDay(day);
  // The offset that held a little earlier may no longer hold; the second look settles it.
  let start = midnight - offsetAt(midnight, timeZone);
  start = midnight - offsetAt(start, timeZone);
  // Where clocks jump over midnight the day begins with the jump.
  if (dayOf(new Date(start), timeZone) < day) start += 3_600_000;
  return new Date(start);
}

/** So many days later, or earlier if negative. */
export function addDays(day: string, count: number): string {
  return new Date(parseDay(day) + count * 86_400_000).toISOString().slice(0, 10);
}

/** True for the YYYY-MM-DD of a day that exists. */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

/** Every day from the first to the last, both included. */
export function daysBetween(first: string, last: string): string[] {
  const days: string[] = [];
  for (let day = first; day <= last; day = addDays(day, 1)) days.push(day);
  return days;
}

function parseDay(day: string): number {
  if (!isDay(day)) throw new RangeError(`${day} is not a day`);
  return Date.parse(`${day}T00:00:00Z`);
}

/** How far the zone's clocks are ahead of UTC at a moment, in milliseconds. */
function offsetAt(time: number, timeZone: string): number {
  const part = partsOf(new Date(time), timeZone);
  const shown = Date.parse(
    `${part.year}-${part.month}-${part.day}T${part.hour}:${part.minute}:${part.second}Z`,
  );
  return shown - Math.floor(time / 1000) * 1000;
}

type Part = "year" | "month" | "day" | "hour" | "minute" | "second";

function partsOf(moment: Date, timeZone: string): Record<Part, string> {
  const parts = zoneClock(timeZone).formatToParts(moment);
  const part = (type: Part) => parts.find((known) => known.type === type)?.value ?? "00";
  return {
    year: part("year").padStart(4, "0"),
    month: part("month"),
    day: part("day"),
    hour: part("hour"),
    minute: part("minute"),
    second: part("second"),
  };
}

const clocks = new Map<string, Intl.DateTimeFormat>();

function zoneClock(timeZone: string): Intl.DateTimeFormat {
  const known = clocks.get(timeZone);
  if (known) return known;
  const clock = new Intl.DateTimeFormat("en-US", {
    timeZone,
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  });
  clocks.set(timeZone, clock);
  return clock;
}

/** To the end of a day in a zone: the last moment that still bears its name; null for none. */
export function endOfDay(day: string, timeZone: string): { at: string | null; past: boolean } {
  if (!isDay(day)) return { at: null, past: false };
  const end = startOfDay(addDays(day, 1), timeZone).getTime() - 1;
  return { at: new Date(end).toISOString(), past: end <= Date.now() };
}
