import localFont from "next/font/local";

/**
 * Latin subsets from packages: 94 kB together, no request to anybody else. What they lack (→ ≈ ⌘ and
 * Chinese) comes from the system's fonts.
 */
const sans = localFont({
  src: "../../node_modules/@fontsource-variable/geist/files/geist-latin-wght-normal.woff2",
  weight: "100 900",
  variable: "--font-geist",
  display: "swap",
  fallback: ["system-ui"],
});

const mono = localFont({
  src: "../../node_modules/@fontsource-variable/geist-mono/files/geist-mono-latin-wght-normal.woff2",
  weight: "100 900",
  variable: "--font-geist-mono",
  display: "swap",
  preload: false,
  adjustFontFallback: false,
});

const display = localFont({
  src: "../../node_modules/@fontsource-variable/bricolage-grotesque/files/bricolage-grotesque-latin-wght-normal.woff2",
  weight: "200 800",
  variable: "--font-bricolage",
  display: "swap",
});

/** Class names that define the three font variables; for the html element. */
export const fontVariables = `${sans.variable} ${mono.variable} ${display.variable}`;
