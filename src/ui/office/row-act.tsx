"use client";

import { useMutation } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Button } from "#ui/primitives/button";
import { toast } from "#ui/primitives/toast";
import { useProblemText } from "#ui/problem-text";

type RowActProps = {
  /** Says what it does to which row. */
  label: string;
  act: () => Promise<unknown>;
  /** What is told when it is done. */
  done: string;
  children: ReactNode;
};

/** A row's button that acts at once, and tells how it went. */
export function RowAct({ label, act, done, children }: RowActProps) {
  const problemText = useProblemText();
  const acting = useMutation({
    mutationFn: act,
    onSuccess: () => toast.done(done),
    onError: (error) => toast.failure(problemText(error)),
  });
  return (
    <Button
      variant="secondary"
      size="sm"
      busy={acting.isPending}
      aria-label={label}
      onClick={() => acting.mutate()}
    >
      {children}
    </Button>
  );
}
