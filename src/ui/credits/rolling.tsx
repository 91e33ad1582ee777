"use client";

import { useEffect, useRef, useState } from "react";
import { cn } from "#cn";

/** A figure that rolls to its next value: up when it grows, down when it shrinks. Read out once it stands. */
export function Rolling({ value, text, className }: { value: number; text: string; className?: string }) {
  const last = useRef(value);
  const [roll, setRoll] = useState<"up" | "down" | null>(null);
  useEffect(() => {
    if (value !== last.current) setRoll(value > last.current ? "up" : "down");
    last.current = value;
  }, [value]);
  return (
    <span className={cn("num inline-block overflow-hidden align-bottom", className)}>
      <span
        key={text}
        className={cn(
          "inline-block",
          roll === "up" && "animate-roll-up",
          roll === "down" && "animate-roll-down",
        )}
      >
        {text}
      </span>
    </span>
  );
}
