import type { ComponentProps, ReactNode } from "react";
import { cn } from "#cn";

/** A bordered sheet of paper on the canvas. */
export function Card({ className, ...props }: ComponentProps<"section">) {
  return <section className={cn("rounded-card border border-line bg-surface", className)} {...props} />;
}

type CardHeaderProps = {
  title: ReactNode;
  hint?: ReactNode;
  action?: ReactNode;
  id?: string;
  className?: string;
};

/** A card's title line, with what one may do at its right. */
export function CardHeader({ title, hint, action, id, className }: CardHeaderProps) {
  return (
    <header className={cn("flex min-h-12 items-center justify-between gap-4 px-4 py-2.5 sm:px-5", className)}>
      <div>
        <h2 id={id} className="text-14 font-semibold text-text">
          {title}
        </h2>
        {hint && <p className="text-13 text-text-3">{hint}</p>}
      </div>
      {action}
    </header>
  );
}

export function CardBody({ className, ...props }: ComponentProps<"div">) {
  return <div className={cn("px-4 pb-4 sm:px-5 sm:pb-5", className)} {...props} />;
}

type PageHeaderProps = {
  title: ReactNode;
  description?: ReactNode;
  actions?: ReactNode;
  eyebrow?: ReactNode;
};

/** The head of a page: its one h1. */
export function PageHeader({ title, description, actions, eyebrow }: PageHeaderProps) {
  return (
    <header className="flex flex-wrap items-end justify-between gap-x-6 gap-y-3 pb-6">
      <div className="grid min-w-0 gap-1.5">
        {eyebrow && <div className="text-13 text-text-3">{eyebrow}</div>}
        <h1 className="font-display text-24 font-semibold text-text sm:text-30">{title}</h1>
        {description && <p className="max-w-prose text-14 text-text-2">{description}</p>}
      </div>
      {actions && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
    </header>
  );
}
