"use client";

import { useTranslations } from "next-intl";
import type { GiftJson } from "#api/contract";
import { Badge } from "#ui/primitives/badge";
import { Progress } from "#ui/primitives/progress";

const tones = { giving: "info", given: "neutral", undoing: "info", undone: "neutral" } as const;

/** Where a gift stands, with a bar while a job works on it. */
export function GiftStatus({ gift }: { gift: GiftJson }) {
  const t = useTranslations("officeGifts");
  const { status, people, given, leftOut, undone } = gift;
  const value = status === "giving" ? (given + leftOut) / people : given === 0 ? 1 : undone / given;
  return (
    <span className="inline-grid gap-1">
      <Badge tone={tones[status]}>{t(`status.${status}`)}</Badge>
      {(status === "giving" || status === "undoing") && (
        <Progress label={t(`status.${status}`)} value={value} className="w-full" />
      )}
    </span>
  );
}
