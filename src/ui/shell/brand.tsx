import Link from "next/link";
import { cn } from "#cn";
import { Mark } from "#ui/icons";

/** The site's name with its sign, leading home. */
export function Brand({ name, href = "/", className }: { name: string; href?: string; className?: string }) {
  return (
    <Link
      href={href}
      className={cn(
        "inline-flex min-w-0 items-center gap-2 rounded-control text-16 font-semibold tracking-tight text-text",
        className,
      )}
    >
      <Mark />
      <span className="truncate">{name}</span>
    </Link>
  );
}
