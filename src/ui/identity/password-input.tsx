"use client";

import { Eye, EyeOff } from "lucide-react";
import { useTranslations } from "next-intl";
import { type ComponentProps, useState } from "react";
import { cn } from "#cn";
import { Input } from "#ui/primitives/input";

type PasswordInputProps = Omit<ComponentProps<"input">, "type"> & {
  autoComplete: "current-password" | "new-password";
};

/** A password's field with a button that shows what was typed. */
export function PasswordInput({ className, ...props }: PasswordInputProps) {
  const t = useTranslations("auth");
  const [shown, setShown] = useState(false);
  return (
    <span className="relative grid">
      <Input
        {...props}
        type={shown ? "text" : "password"}
        spellCheck={false}
        autoCapitalize="none"
        className={cn("pr-11", className)}
      />
      <button
        type="button"
        aria-label={t("showPassword")}
        aria-pressed={shown}
        onClick={() => setShown(!shown)}
        className="absolute inset-y-0 right-0 grid w-10 place-items-center rounded-field text-text-3 hover:text-text focus-visible:-outline-offset-2 pointer-coarse:w-11"
      >
        {shown ? (
          <EyeOff className="size-4" strokeWidth={1.75} />
        ) : (
          <Eye className="size-4" strokeWidth={1.75} />
        )}
      </button>
    </span>
  );
}
