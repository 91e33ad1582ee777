"use client";

import { Streamdown } from "streamdown";

/** Without the frame and the buttons that Streamdown puts around a table. */
const plainParts = { table: "table" } as const;

/** Markdown from a tool, safely: no scripts, no pictures from elsewhere; half-written syntax is closed. */
export default function Markdown({ text, live = false }: { text: string; live?: boolean }) {
  return (
    <Streamdown
      mode={live ? "streaming" : "static"}
      controls={false}
      className="prose-text"
      components={plainParts}
    >
      {text}
    </Streamdown>
  );
}
