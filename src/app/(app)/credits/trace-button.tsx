"use client";

import { Route } from "lucide-react";
import { IconButton } from "#ui/primitives/icon-button";

/** Opens the trace of an entry or a lot. */
export function TraceButton({ label, onPress }: { label: string; onPress: () => void }) {
  return (
    <IconButton
      size="sm"
      label={label}
      icon={<Route strokeWidth={1.75} />}
      className="relative z-1"
      onClick={onPress}
    />
  );
}
