"use client";

import { Check, Copy } from "lucide-react";
import { useTranslations } from "next-intl";
import { type ComponentProps, useEffect, useState } from "react";
import { Button } from "./button";
import { IconButton } from "./icon-button";
import { toast } from "./toast";

type CopyButtonProps = {
  /** What lands on the clipboard. */
  text: string;
  /** Names it: "Copy result". */
  label: string;
  /** With words beside the icon. */
  wide?: boolean;
} & Pick<ComponentProps<typeof Button>, "size" | "variant" | "className">;

/** Copies, and says so by a tick for two seconds. */
export function CopyButton({ text, label, wide = false, ...look }: CopyButtonProps) {
  const t = useTranslations("common");
  const { copied, copy } = useCopy();
  const icon = copied ? <Check strokeWidth={2} /> : <Copy strokeWidth={1.75} />;
  const press = () => {
    copy(text).catch(() => toast.failure(t("copyFailed")));
  };
  return (
    <>
      {wide ? (
        <Button variant="secondary" onClick={press} {...look}>
          {icon}
          {copied ? t("copied") : label}
        </Button>
      ) : (
        <IconButton label={copied ? t("copied") : label} icon={icon} size="sm" onClick={press} {...look} />
      )}
      <span role="status" className="sr-only">
        {copied ? t("copied") : ""}
      </span>
    </>
  );
}

/** Copies to the clipboard; `copied` holds for two seconds. The promise fails where the browser refuses. */
export function useCopy(): { copied: boolean; copy: (text: string) => Promise<void> } {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 2000);
    return () => clearTimeout(timer);
  }, [copied]);
  return {
    copied,
    copy: async (text) => {
      await navigator.clipboard.writeText(text);
      setCopied(true);
    },
  };
}
