"use client";

import {
  Bar,
  type BarShapeProps,
  CartesianGrid,
  ComposedChart,
  type DotItemDotProps,
  Line,
  Rectangle,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from "recharts";
import { DayCard } from "./day-card";
import type { DayAmounts, Series } from "./series";

/** The period before, day by day beside ours; null where it has none. */
export type Before = { label: string; amounts: readonly (number | null)[] };

type TimeSeriesProps = {
  /** What is drawn, for screen readers. */
  label: string;
  days: readonly DayAmounts[];
  series: readonly Series[];
  /** A day's short name on the axis, and its long one on the tooltip. */
  dayName: (day: string, long: boolean) => string;
  amountText: (amount: number) => string;
  /** Axis figures, without the unit. */
  figure: (amount: number) => string;
  /** Left out where amounts are nothing that adds up. */
  totalLabel?: string | undefined;
  /** Bars for amounts of a day, lines for what stands at its end, where a missing amount is a gap. */
  shape?: "bars" | "lines";
  /** What a line cannot pass: where all of it is near, the axis begins near, too. */
  atMost?: number | undefined;
  /** Drawn as a dashed line. */
  before?: Before | undefined;
  /** The days that are not over: drawn dashed. */
  incomplete?: ReadonlySet<string>;
  /** Said on their tooltip. */
  incompleteLabel?: string;
};

const none: ReadonlySet<string> = new Set();
/** The keys of what is drawn beside the series. */
const beforeKey = "before:";
const tailKey = (key: string) => `tail:${key}`;

/** Amounts per day, as stacked bars from zero or as lines. Arrow keys walk the days. Fills its parent's height. */
export function TimeSeries({
  label,
  days,
  series,
  dayName,
  amountText,
  figure,
  totalLabel,
  shape = "bars",
  atMost,
  before,
  incomplete = none,
  incompleteLabel,
}: TimeSeriesProps) {
  const rows = days.map(({ day, amounts }, place) => ({
    day,
    ...(shape === "bars" ? amounts : lineAmounts(days, place, incomplete)),
    ...(before && { [beforeKey]: before.amounts[place] ?? null }),
  }));
  return (
    <ResponsiveContainer width="100%" height="100%" initialDimension={{ width: 1, height: 1 }}>
      <ComposedChart
        data={rows}
        title={label}
        // A line begins and ends at the edge: the names of its first and last day need room there.
        margin={{ top: 8, right: shape === "lines" ? 24 : 4, bottom: 0, left: shape === "lines" ? 16 : 12 }}
        // What was lost hangs below zero, and hides nothing of what was won.
        stackOffset="sign"
        barCategoryGap={days.length > 40 ? "12%" : "22%"}
      >
        <CartesianGrid vertical={false} stroke="var(--line)" />
        <XAxis
          dataKey="day"
          tickFormatter={(day: string) => dayName(day, false)}
          tick={tickStyle}
          tickLine={false}
          tickMargin={8}
          axisLine={{ stroke: "var(--line-strong)" }}
          interval="equidistantPreserveStart"
          minTickGap={28}
          height={28}
        />
        <YAxis
          tickFormatter={figure}
          tick={tickStyle}
          tickLine={false}
          axisLine={false}
          tickMargin={6}
          allowDecimals={shape === "lines"}
          domain={domainOf(days, atMost)}
          width="auto"
        />
        <Tooltip
          cursor={shape === "bars" ? { fill: "var(--hover)" } : { stroke: "var(--line-strong)" }}
          isAnimationActive={false}
          wrapperStyle={{ zIndex: 10, outline: "none" }}
          content={({ active, label: day }) => {
            const place = active ? days.findIndex((one) => one.day === day) : -1;
            const known = days[place];
            if (!known) return null;
            return (
              <DayCard
                title={dayName(known.day, true)}
                note={incomplete.has(known.day) ? incompleteLabel : undefined}
                day={known}
                series={series}
                amountText={amountText}
                totalLabel={totalLabel}
                before={before && { label: before.label, amount: before.amounts[place] ?? null }}
              />
            );
          }}
        />
        {shape === "bars" && series.map((one) => bars(one, incomplete))}
        {shape === "lines" && series.flatMap((one) => lines(one, days, incomplete))}
        {before && (
          <Line
            dataKey={beforeKey}
            name={before.label}
            stroke="var(--text-3)"
            strokeWidth={1.5}
            strokeDasharray="4 4"
            dot={false}
            activeDot={false}
            connectNulls={false}
            isAnimationActive={false}
          />
        )}
      </ComposedChart>
    </ResponsiveContainer>
  );
}

const tickStyle = { fill: "var(--text-3)", fontSize: 12 } as const;

function bars({ key, label, hue }: Series, incomplete: ReadonlySet<string>) {
  return (
    <Bar
      key={key}
      dataKey={key}
      name={label}
      stackId="day"
      fill={`var(--${hue})`}
      stroke="var(--surface)"
      strokeWidth={1}
      maxBarSize={28}
      isAnimationActive={false}
      shape={(props: BarShapeProps) => (
        <Rectangle
          {...props}
          {...(incomplete.has(dayIn(props.payload)) && {
            fillOpacity: 0.3,
            stroke: `var(--${hue})`,
            strokeDasharray: "3 3",
          })}
        />
      )}
    />
  );
}

/** Shares that are all from 90% on, or from 99% on, are looked at from there; all else from 0. */
function domainOf(days: readonly DayAmounts[], atMost: number | undefined): [number, number | "auto"] {
  if (atMost === undefined) return [0, "auto"];
  const amounts = days.flatMap((day) => Object.values(day.amounts));
  const from = [0.99, 0.9].map((part) => part * atMost).find((part) => Math.min(...amounts) >= part);
  if (from !== undefined) return [from, atMost];
  return [0, Math.max(...amounts) === 0 ? atMost : "auto"];
}

/** Two lines of each: what stands, and dashed what is not over yet. What has no neighbor is a dot. */
function lines({ key, label, hue }: Series, days: readonly DayAmounts[], incomplete: ReadonlySet<string>) {
  const has = (place: number) => days[place]?.amounts[key] !== undefined;
  const stroke = `var(--${hue})`;
  const dots =
    (open: boolean) =>
    ({ key: id, cx, cy, index }: DotItemDotProps) => {
      const day = days[index];
      const alone = day && has(index) && !has(index - 1) && !has(index + 1);
      if (!alone || incomplete.has(day.day) !== open) return <g key={id} />;
      return (
        <circle key={id} cx={cx} cy={cy} r={2.5} stroke={stroke} fill={open ? "var(--surface)" : stroke} />
      );
    };
  const common = {
    name: label,
    stroke,
    strokeWidth: 2,
    activeDot: { r: 3, strokeWidth: 0, fill: `var(--${hue})` },
    connectNulls: false,
    isAnimationActive: false,
  };
  return [
    <Line key={key} dataKey={key} {...common} dot={dots(false)} />,
    <Line key={tailKey(key)} dataKey={tailKey(key)} {...common} dot={dots(true)} strokeDasharray="4 4" />,
  ];
}

/** A day's amounts as lines take them: the last complete day begins the dashed end. */
function lineAmounts(
  days: readonly DayAmounts[],
  place: number,
  incomplete: ReadonlySet<string>,
): Record<string, number> {
  const own = days[place];
  const next = days[place + 1];
  if (!own) return {};
  const open = incomplete.has(own.day);
  const atEdge = !open && next !== undefined && incomplete.has(next.day);
  return Object.fromEntries(
    Object.entries(own.amounts).flatMap(([key, amount]) => [
      ...(open ? [] : [[key, amount] as const]),
      ...(open || atEdge ? [[tailKey(key), amount] as const] : []),
    ]),
  );
}

function dayIn(payload: unknown): string {
  return typeof payload === "object" && payload !== null && "day" in payload ? String(payload.day) : "";
}
