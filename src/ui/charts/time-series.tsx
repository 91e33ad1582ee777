"use client";

import {
  Bar,
  type BarShapeProps,
  CartesianGrid,
  ComposedChart,
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
        // A line begins at the axis: its first day's name needs room at the left.
        margin={{ top: 8, right: shape === "lines" ? 8 : 0, bottom: 0, left: shape === "lines" ? 16 : 0 }}
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
        {shape === "lines" && series.flatMap((one) => lines(one, days.length - incomplete.size))}
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

/** Two lines of each: what stands, and dashed what is not over yet. A line of one day is a dot. */
function lines({ key, label, hue }: Series, complete: number) {
  const common = {
    name: label,
    stroke: `var(--${hue})`,
    strokeWidth: 2,
    activeDot: { r: 3, strokeWidth: 0, fill: `var(--${hue})` },
    connectNulls: false,
    isAnimationActive: false,
  };
  return [
    <Line key={key} dataKey={key} {...common} dot={complete === 1 ? { r: 2.5 } : false} />,
    <Line key={tailKey(key)} dataKey={tailKey(key)} {...common} dot={false} strokeDasharray="4 4" />,
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
