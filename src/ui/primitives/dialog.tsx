"use client";

import { X } from "lucide-react";
import { useTranslations } from "next-intl";
import { Dialog as Radix } from "radix-ui";
import type { ReactNode } from "react";
import { cn } from "#cn";
import { useReturnFocus } from "./return-focus";

type DialogProps = {
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
  trigger?: ReactNode;
  title: ReactNode;
  description?: ReactNode;
  /** Buttons at the foot; the main one last. */
  footer?: ReactNode;
  /** A sheet comes from the right, on phones from below. */
  shape?: "dialog" | "sheet";
  /** False while closing would lose something. */
  dismissible?: boolean;
  className?: string;
  children?: ReactNode;
};

/** A modal dialog or sheet with its title; Esc closes it, focus returns to where it was. */
export function Dialog({
  open,
  onOpenChange,
  trigger,
  title,
  description,
  footer,
  shape = "dialog",
  dismissible = true,
  className,
  children,
}: DialogProps) {
  const t = useTranslations("common");
  const focus = useReturnFocus();
  const stay = dismissible ? undefined : (event: Event) => event.preventDefault();
  return (
    <Radix.Root {...(open !== undefined && { open })} {...(onOpenChange && { onOpenChange })}>
      {trigger && <Radix.Trigger asChild>{trigger}</Radix.Trigger>}
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 animate-fade bg-shade data-[state=closed]:animate-fade-out" />
        <Radix.Content
          {...focus}
          {...(stay && { onEscapeKeyDown: stay, onPointerDownOutside: stay })}
          {...(!description && { "aria-describedby": undefined })}
          className={cn(
            "fixed z-50 flex max-h-[calc(100dvh-32px)] flex-col border-line bg-surface shadow-raised outline-none data-[state=closed]:animate-fade-out",
            shape === "dialog" &&
              "top-1/2 left-1/2 w-[calc(100vw-32px)] max-w-md -translate-x-1/2 -translate-y-1/2 animate-fade rounded-dialog border",
            shape === "sheet" &&
              "inset-x-0 bottom-0 animate-slide-up rounded-t-dialog border-t sm:inset-y-0 sm:right-0 sm:left-auto sm:max-h-none sm:w-[440px] sm:animate-slide-right sm:rounded-none sm:border-t-0 sm:border-l",
            className,
          )}
        >
          <header className="flex items-start justify-between gap-4 px-5 pt-5 pb-3">
            <div className="grid gap-1">
              <Radix.Title className="text-18 font-semibold text-text">{title}</Radix.Title>
              {description && (
                <Radix.Description className="text-14 text-text-2">{description}</Radix.Description>
              )}
            </div>
            {dismissible && (
              <Radix.Close
                aria-label={t("close")}
                className="-mt-1 -mr-1.5 grid size-8 shrink-0 place-items-center rounded-control text-text-3 hover:bg-hover hover:text-text pointer-coarse:size-11"
              >
                <X className="size-4" strokeWidth={1.75} />
              </Radix.Close>
            )}
          </header>
          {children && <div className="min-h-0 overflow-y-auto px-5 pb-5">{children}</div>}
          {footer && (
            <footer className="flex flex-wrap justify-end gap-2 border-t border-line px-5 py-3.5 pb-[max(14px,env(safe-area-inset-bottom))]">
              {footer}
            </footer>
          )}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
