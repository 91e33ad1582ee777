"use client";

import { Bar, BarChart, CartesianGrid, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts";
import { type DayAmounts, type Series, SeriesMark, totalOf } from "./series";

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
  totalLabel: string;
};

/** Amounts per day as stacked bars from zero. Arrow keys walk the days. Fills its parent's height. */
export function TimeSeries({
  label,
  days,
  series,
  dayName,
  amountText,
  figure,
  totalLabel,
}: TimeSeriesProps) {
  const rows = days.map(({ day, amounts }) => ({ day, ...amounts }));
  const byDay = new Map(days.map((known) => [known.day, known]));
  return (
    <ResponsiveContainer width="100%" height="100%" initialDimension={{ width: 1, height: 1 }}>
      <BarChart
        data={rows}
        title={label}
        margin={{ top: 8, right: 0, bottom: 0, left: 0 }}
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
          allowDecimals={false}
          width="auto"
        />
        <Tooltip
          cursor={{ fill: "var(--hover)" }}
          isAnimationActive={false}
          wrapperStyle={{ zIndex: 10, outline: "none" }}
          content={({ active, label: day }) => {
            const known = active && typeof day === "string" ? byDay.get(day) : undefined;
            if (!known) return null;
            return (
              <DayCard
                title={dayName(known.day, true)}
                day={known}
                series={series}
                amountText={amountText}
                totalLabel={totalLabel}
              />
            );
          }}
        />
        {series.map(({ key, label: name, hue }) => (
          <Bar
            key={key}
            dataKey={key}
            name={name}
            stackId="day"
            fill={`var(--${hue})`}
            stroke="var(--surface)"
            strokeWidth={1}
            maxBarSize={28}
            isAnimationActive={false}
          />
        ))}
      </BarChart>
    </ResponsiveContainer>
  );
}

const tickStyle = { fill: "var(--text-3)", fontSize: 12 } as const;

type DayCardProps = {
  title: string;
  day: DayAmounts;
  series: readonly Series[];
  amountText: (amount: number) => string;
  totalLabel: string;
};

function DayCard({ title, day, series, amountText, totalLabel }: DayCardProps) {
  const used = series.filter(({ key }) => (day.amounts[key] ?? 0) !== 0);
  return (
    <div className="grid min-w-40 gap-1 rounded-field border border-line bg-surface px-3 py-2 text-13 shadow-raised">
      <p className="font-medium text-text">{title}</p>
      {used.map(({ key, label, hue }) => (
        <p key={key} className="flex items-center gap-2 text-text-2">
          <SeriesMark hue={hue} />
          <span className="grow">{label}</span>
          <span className="num text-text">{amountText(day.amounts[key] ?? 0)}</span>
        </p>
      ))}
      {used.length !== 1 && (
        <p className="flex justify-between gap-4 text-text-2">
          {totalLabel}
          <span className="num font-medium text-text">{amountText(totalOf(day))}</span>
        </p>
      )}
    </div>
  );
}
