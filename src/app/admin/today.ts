import type { TodayJson } from "#api/contract";
import { type Formats, minorPlaces } from "#format";
import type { FigureName } from "./overview-links";

/** A figure in words; `known` is null when it could not be read. */
export type Figure = {
  name: FigureName;
  known: {
    /** Null: there is none, such as the duration of no runs. Money has one of each currency. */
    value: string | readonly string[] | null;
    /** What it was a week ago; null where nobody knows. */
    before: string | null;
    /** Of the queue: how many wait. */
    waiting?: number;
  } | null;
};

/** Today's figures that this person sees, in their order. */
export function figuresOf(today: TodayJson, format: Formats): Figure[] {
  return [
    ...people(today, format),
    ...runs(today, format),
    ...money(today, format),
    ...credits(today, format),
  ];
}

function people({ signUps, runs }: TodayJson, { integer }: Formats): Figure[] {
  return [
    ...(signUps ? [beside("signUps", signUps, (value) => integer(value))] : []),
    ...(runs ? [beside("customers", runs, ({ customers }) => integer(customers))] : []),
  ];
}

function runs({ runs, api, queue, today }: TodayJson, { percent, duration, latency }: Formats): Figure[] {
  const figures: Figure[] = [];
  if (runs) {
    figures.push(
      beside("success", runs, ({ succeeded, failed }) =>
        succeeded + failed === 0 ? null : percent(succeeded / (succeeded + failed)),
      ),
      beside("p95", runs, ({ p95Seconds }) => (p95Seconds === null ? null : duration(p95Seconds))),
    );
  }
  if (api) {
    figures.push(beside("api", api, ({ p95Ms }) => (p95Ms === null ? null : latency(Math.round(p95Ms)))));
  }
  if (queue) {
    const age = (oldestAt: string) => duration((Date.parse(today.to) - Date.parse(oldestAt)) / 1000);
    figures.push({
      name: "queue",
      known:
        queue.state === "known"
          ? { value: queue.oldestAt && age(queue.oldestAt), before: null, waiting: queue.waiting }
          : null,
    });
  }
  return figures;
}

type Amounts = readonly { currency: string; cents: number }[];

function money({ recurring, moneyIn }: TodayJson, { money }: Formats): Figure[] {
  const texts = (amounts: Amounts) => {
    const exact = amounts.some(({ currency, cents }) => cents % 10 ** minorPlaces(currency) !== 0);
    return amounts.length === 0
      ? null
      : amounts.map(({ currency, cents }) => money(cents, currency.toUpperCase(), exact));
  };
  return [
    ...(recurring
      ? [
          {
            name: "recurring" as const,
            known: recurring.state === "known" ? { value: texts(recurring.today), before: null } : null,
          },
        ]
      : []),
    ...(moneyIn ? [beside("moneyIn", moneyIn, texts)] : []),
  ];
}

function credits({ credits }: TodayJson, { integer }: Formats): Figure[] {
  if (!credits) return [];
  const names = ["sold", "used", "expired", "outstanding"] as const;
  return names.map((name) => beside(name, credits, (figures) => integer(figures[name])));
}

type Beside<T> = { state: "known"; today: T; before: T } | { state: "unknown" };

function beside<T>(
  name: FigureName,
  figures: Beside<T>,
  text: (value: T) => string | readonly string[] | null,
): Figure {
  if (figures.state === "unknown") return { name, known: null };
  const before = text(figures.before) ?? "—";
  return {
    name,
    known: { value: text(figures.today), before: typeof before === "string" ? before : before.join(" · ") },
  };
}
