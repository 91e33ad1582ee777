import { cva, type VariantProps } from "class-variance-authority";
import { Slot } from "radix-ui";
import type { ComponentProps } from "react";
import { cn } from "#cn";
import { Spinner } from "#ui/icons";

/** Primary is ink. `spend` is mint and belongs to the one button of a page that spends credits. */
export const buttonStyle = cva(
  [
    "relative inline-flex shrink-0 select-none items-center justify-center gap-2 whitespace-nowrap rounded-control font-medium",
    "transition-[background-color,border-color,color,opacity,transform] duration-120 ease-out active:translate-y-px",
    "disabled:pointer-events-none disabled:opacity-45 aria-disabled:cursor-not-allowed aria-disabled:not-aria-busy:opacity-45 aria-disabled:active:translate-y-0",
    "[&_svg]:size-4 [&_svg]:shrink-0",
  ],
  {
    variants: {
      variant: {
        primary: "bg-primary text-on-primary hover:bg-primary/88",
        secondary: "border border-line bg-surface text-text hover:border-line-strong hover:bg-hover",
        quiet: "text-text-2 hover:bg-hover hover:text-text",
        danger: "border border-danger/40 bg-danger-soft text-danger hover:border-danger",
        spend: "bg-mint text-on-mint hover:bg-[color-mix(in_oklch,var(--mint),var(--text)_10%)]",
        link: "h-auto! min-h-0! rounded-none px-0! text-text underline decoration-line-strong underline-offset-3 hover:decoration-text",
      },
      size: {
        sm: "h-8 px-2.5 text-13 pointer-coarse:min-h-10",
        md: "h-9 px-3.5 text-14 pointer-coarse:min-h-11",
        lg: "h-11 px-5 text-14",
      },
    },
    defaultVariants: { variant: "primary", size: "md" },
  },
);

type ButtonProps = ComponentProps<"button"> &
  VariantProps<typeof buttonStyle> & {
    /** Puts the look on the only child, such as a link. */
    asChild?: boolean;
    /** Shows a ring in place of the words, keeps the width, and takes no press. */
    busy?: boolean;
  };

/** A button. Its words name what happens ("Save changes"), not the gesture. */
export function Button({
  variant,
  size,
  asChild = false,
  busy = false,
  className,
  children,
  onClick,
  ...props
}: ButtonProps) {
  const style = cn(buttonStyle({ variant, size }), className);
  if (asChild) {
    return (
      <Slot.Root className={style} onClick={onClick} {...props}>
        {children}
      </Slot.Root>
    );
  }
  return (
    <button
      type="button"
      className={style}
      aria-busy={busy || undefined}
      aria-disabled={busy || undefined}
      {...props}
      onClick={busy ? (event) => event.preventDefault() : onClick}
    >
      {busy ? (
        <>
          <span className="inline-flex items-center gap-2 opacity-0">{children}</span>
          <span className="absolute inset-0 grid place-items-center">
            <Spinner />
          </span>
        </>
      ) : (
        children
      )}
    </button>
  );
}
