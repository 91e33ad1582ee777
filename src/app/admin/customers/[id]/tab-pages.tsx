"use client";

import { parseAsString, useQueryState } from "nuqs";
import { KeyPages } from "#ui/office/key-pages";

type TabPagesProps = { label: string; older: string | null; turned: boolean };

/** The way to a tab's older lines: `before` in the URL, read by the server. */
export function TabPages({ label, older, turned }: TabPagesProps) {
  const [, setBefore] = useQueryState(
    "before",
    parseAsString.withOptions({ shallow: false, history: "push" }),
  );
  return <KeyPages label={label} older={older} turned={turned} turn={(next) => void setBefore(next)} />;
}
