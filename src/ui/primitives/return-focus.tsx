"use client";

import { useRef } from "react";

/** A dialog that takes another's place gives the focus back to where the first was opened from. */
let lastOpener: HTMLElement | null = null;

/**
 * For the content of a dialog that opens without a Radix trigger, such as by a key: Radix gives the focus
 * back to triggers only. The focus begins at what is marked `data-autofocus`, else at the first control.
 */
export function useReturnFocus(): {
  onOpenAutoFocus: (event: Event) => void;
  onCloseAutoFocus: (event: Event) => void;
} {
  const opener = useRef<HTMLElement | null>(null);
  return {
    onOpenAutoFocus: (event) => {
      const { activeElement, body } = document;
      if (activeElement instanceof HTMLElement && activeElement !== body) lastOpener = activeElement;
      opener.current = lastOpener;
      const first =
        event.target instanceof Element && event.target.querySelector<HTMLElement>("[data-autofocus]");
      if (!first) return;
      event.preventDefault();
      first.focus();
    },
    onCloseAutoFocus: (event) => {
      event.preventDefault();
      opener.current?.focus();
    },
  };
}
