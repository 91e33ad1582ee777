"use client";

import { Streamdown } from "streamdown";

/** Markdown from a tool, safely: no scripts, no pictures from elsewhere; half-written syntax is closed. */
export default function Markdown({ text, live = false }: { text: string; live?: boolean }) {
  return (
    <Streamdown mode={live ? "streaming" : "static"} controls={false} className="prose-text">
      {text}
    </Streamdown>
  );
}
