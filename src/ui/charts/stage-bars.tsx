import { cn } from "#cn";

export type Stage = {
  key: string;
  label: string;
  amount: number;
  /** What it is of those whom the bars are parts of; null for what stands before them. */
  share: number | null;
  /** In words, beside its amount. */
  shareText: string;
  before: { share: number | null; text: string } | null;
};

type StageBarsProps = {
  /** What the steps are, for screen readers. */
  label: string;
  stages: readonly Stage[];
  figure: (amount: number) => string;
};

/** The steps of a way, each as its part of those who set out; dashed, the period before. */
export function StageBars({ label, stages, figure }: StageBarsProps) {
  return (
    <ol aria-label={label} className="grid gap-3">
      {stages.map(({ key, label: name, amount, share, shareText, before }) => (
        <li key={key} className="grid gap-1 sm:grid-cols-[8.5rem_1fr] sm:items-center sm:gap-x-4">
          <span className="text-13 text-text-2">{name}</span>
          <span className="grid gap-1">
            <span className="flex flex-wrap items-baseline gap-x-2 text-13">
              <span className="num font-semibold text-text">{figure(amount)}</span>
              <span className="num text-text-3">{shareText}</span>
              {before && <span className="num ml-auto text-12 text-text-3">{before.text}</span>}
            </span>
            {share !== null && (
              <span aria-hidden="true" className="relative block h-4 rounded-[4px] bg-sunken">
                <Bar share={share} className="bg-(--c2)" />
                {before?.share != null && (
                  <Bar share={before.share} className="border border-dashed border-text-3" />
                )}
              </span>
            )}
          </span>
        </li>
      ))}
    </ol>
  );
}

function Bar({ share, className }: { share: number; className: string }) {
  if (share === 0) return null;
  return (
    <span
      className={cn("absolute inset-y-0 left-0 min-w-0.5 rounded-[4px]", className)}
      style={{ width: `${Math.min(1, share) * 100}%` }}
    />
  );
}
