import type { ReactNode } from "react";

type AuthHeadingProps = { icon?: ReactNode; title: ReactNode; text?: ReactNode };

/** The head of a card of sign-in and its kin: its page's one h1. */
export function AuthHeading({ icon, title, text }: AuthHeadingProps) {
  return (
    <div className="grid gap-2 pb-6">
      {icon && (
        <span
          aria-hidden="true"
          className="mb-2 grid size-11 place-items-center rounded-card border border-line bg-sunken text-text-2 [&_svg]:size-5"
        >
          {icon}
        </span>
      )}
      <h1 className="font-display text-24 font-semibold text-text">{title}</h1>
      {text && <p className="text-14 text-text-2">{text}</p>}
    </div>
  );
}

/** The line under a card's form that leads elsewhere. */
export function AuthFooter({ children }: { children: ReactNode }) {
  return (
    <p className="pt-5 text-center text-13 text-text-2 [&_a]:font-medium [&_a]:text-text [&_a]:underline [&_a]:underline-offset-2">
      {children}
    </p>
  );
}
