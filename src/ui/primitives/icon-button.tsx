"use client";

import type { ComponentProps } from "react";
import { cn } from "#cn";
import { Button } from "./button";
import { Tooltip } from "./tooltip";

type IconButtonProps = Omit<ComponentProps<typeof Button>, "children" | "aria-label"> & {
  /** What it does, for screen readers and the tooltip. */
  label: string;
  icon: React.ReactNode;
  shortcut?: string;
};

/** A square button with an icon; its name appears on hover and focus. */
export function IconButton({
  label,
  icon,
  shortcut,
  size = "md",
  variant = "quiet",
  className,
  ...props
}: IconButtonProps) {
  const square = { sm: "w-8 pointer-coarse:min-w-10", md: "w-9 pointer-coarse:min-w-11", lg: "w-11" };
  return (
    <Tooltip content={label} {...(shortcut && { shortcut })}>
      <Button
        variant={variant}
        size={size}
        aria-label={label}
        className={cn("px-0", square[size ?? "md"], className)}
        {...props}
      >
        {icon}
      </Button>
    </Tooltip>
  );
}
