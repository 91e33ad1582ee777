"use client";

import { ArrowRight, ChevronsLeft } from "lucide-react";
import { useTranslations } from "next-intl";
import { Button } from "#ui/primitives/button";

type KeyPagesProps = {
  label: string;
  /** The cursor of the page after this one. */
  older: string | null;
  /** This is not the first page. */
  turned: boolean;
  turn: (cursor: string | null) => void;
};

/** The foot of a list that goes on by keys: to what is older, and back to the newest. */
export function KeyPages({ label, older, turned, turn }: KeyPagesProps) {
  const t = useTranslations("credits");
  if (!older && !turned) return null;
  return (
    <nav aria-label={label} className="flex justify-end gap-2 border-t border-line px-4 py-2.5">
      {turned && (
        <Button variant="secondary" size="sm" onClick={() => turn(null)}>
          <ChevronsLeft aria-hidden="true" strokeWidth={1.75} />
          {t("newer")}
        </Button>
      )}
      {older && (
        <Button variant="secondary" size="sm" onClick={() => turn(older)}>
          {t("older")}
          <ArrowRight aria-hidden="true" strokeWidth={1.75} />
        </Button>
      )}
    </nav>
  );
}
