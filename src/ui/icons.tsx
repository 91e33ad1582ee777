import type { SVGProps } from "react";
import { cn } from "#cn";

/** The credit: a minted coin, a disc with a leaf-shaped notch. Always beside its unit in words. */
export function CreditGlyph({ className, ...props }: SVGProps<SVGSVGElement>) {
  return (
    <svg
      viewBox="0 0 16 16"
      fill="none"
      aria-hidden="true"
      className={cn("size-4 shrink-0 text-mint", className)}
      {...props}
    >
      <path
        fill="currentColor"
        fillRule="evenodd"
        d="M8 1.25a6.75 6.75 0 1 0 0 13.5 6.75 6.75 0 0 0 0-13.5Zm3.4 3.35c.5 3.9-1.05 6.5-4.2 6.6-.62.02-1.2-.1-1.72-.34a8.6 8.6 0 0 1 3.1-3.62.5.5 0 0 0-.56-.83A9.7 9.7 0 0 0 4.7 10.1C3.6 7.2 5.9 4.7 11.4 4.6Z"
        clipRule="evenodd"
      />
    </svg>
  );
}

/** The wordmark's sign: the credit on a tile of ink. */
export function Mark({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 24 24" aria-hidden="true" className={cn("size-6 shrink-0", className)}>
      <rect width="24" height="24" rx="6" className="fill-primary" />
      <path
        className="fill-[color-mix(in_oklch,var(--c1),white_10%)]"
        d="M18.3 5.6c.9 7-1.9 11.6-7.5 11.8-1.1 0-2.1-.2-3-.6 1.3-2.7 3.2-4.9 5.5-6.5a.75.75 0 0 0-.85-1.24c-2.6 1.7-4.7 4.1-6.1 6.9C4.4 10.8 8.5 5.8 18.3 5.6Z"
      />
    </svg>
  );
}

/** A turning ring for waits that have no measure; silent for screen readers: say it in words beside it. */
export function Spinner({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 16 16" fill="none" aria-hidden="true" className={cn("size-4 animate-turn", className)}>
      <circle cx="8" cy="8" r="6.25" stroke="currentColor" strokeWidth="1.75" opacity="0.25" />
      <path
        d="M8 1.75A6.25 6.25 0 0 1 14.25 8"
        stroke="currentColor"
        strokeWidth="1.75"
        strokeLinecap="round"
      />
    </svg>
  );
}
