import { cn } from "#cn";

/** A grey shape where something will stand; give it the exact size. Appears after 200 ms. */
export function Skeleton({ className }: { className?: string }) {
  return (
    <span aria-hidden="true" className={cn("block animate-skeleton rounded-control bg-hover", className)} />
  );
}
