"use client";

import { CircleAlert } from "lucide-react";

/** What a whole form was refused for; its place is kept in the reading order, so that it is read out. */
export function FormError({ text }: { text: string | undefined }) {
  return (
    <div role="alert" className="empty:hidden">
      {text && (
        <p className="flex items-start gap-2 rounded-field bg-danger-soft px-3 py-2.5 text-13 text-danger">
          <CircleAlert aria-hidden="true" className="mt-0.5 size-4 shrink-0" strokeWidth={1.75} />
          <span>{text}</span>
        </p>
      )}
    </div>
  );
}
