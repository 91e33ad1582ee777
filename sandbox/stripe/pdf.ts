/** A PDF of one page, of lines of text and thin rules: enough for an invoice that can be opened, printed and kept. */

export type PdfLine = {
  text: string;
  x: number;
  y: number;
  size?: number;
  bold?: boolean;
  /** Ends at x instead of beginning there. */
  rightAligned?: boolean;
  soft?: boolean;
};

/** A thin line from margin to margin. */
export type PdfRule = { ruleAt: number };

const width = 595;
const height = 842;
export const margin = 50;

/** The file. Coordinates are in points from the top left of an A4 page. */
export function pdfOf(parts: readonly (PdfLine | PdfRule)[]): Uint8Array {
  const content = parts.map((part) => ("ruleAt" in part ? ruled(part) : drawn(part))).join("\n");
  const objects = [
    "<< /Type /Catalog /Pages 2 0 R >>",
    "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 ${width} ${height}] /Contents 4 0 R /Resources << /Font << /F1 5 0 R /F2 6 0 R >> >> >>`,
    `<< /Length ${Buffer.byteLength(content, "latin1")} >>\nstream\n${content}\nendstream`,
    "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>",
  ];
  let file = "%PDF-1.4\n";
  const offsets = objects.map((object, index) => {
    const offset = Buffer.byteLength(file, "latin1");
    file += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return offset;
  });
  const start = Buffer.byteLength(file, "latin1");
  const entries = offsets.map((offset) => `${String(offset).padStart(10, "0")} 00000 n \n`).join("");
  file += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${entries}`;
  file += `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${start}\n%%EOF\n`;
  return Buffer.from(file, "latin1");
}

function ruled({ ruleAt }: PdfRule): string {
  const y = height - ruleAt;
  return `q 0.5 w 0.8 G ${margin} ${y} m ${width - margin} ${y} l S Q`;
}

function drawn({ text, x, y, size = 10, bold, rightAligned, soft }: PdfLine): string {
  const shown = winAnsi(text);
  const left = rightAligned ? x - (lengthOf(shown) * size) / 1000 : x;
  const escaped = shown.replace(/[\\()]/g, "\\$&");
  return `BT ${soft ? "0.4" : "0"} g /${bold ? "F2" : "F1"} ${size} Tf ${left.toFixed(1)} ${height - y} Td (${escaped}) Tj ET`;
}

/** The encoding of the standard fonts; what they lack becomes a question mark. */
function winAnsi(text: string): string {
  return [...text].map((letter) => winAnsiOf[letter] ?? (isLatin(letter) ? letter : "?")).join("");
}

const isLatin = (letter: string) => /[\x20-\x7e\xa0-\xff]/.test(letter);

const winAnsiOf: Record<string, string> = {
  ...{ "€": "\x80", "…": "\x85", "‘": "\x91", "’": "\x92", "“": "\x93", "”": "\x94" },
  ...{ "•": "\x95", "–": "\x96", "—": "\x97", "−": "-" },
};

/** In thousandths of the font's size. */
function lengthOf(text: string): number {
  return [...text].reduce((sum, letter) => sum + (helvetica[letter.charCodeAt(0) - 32] ?? digit), 0);
}

/** As wide as each figure, and as the signs of currencies. */
const digit = 556;
/** Adobe's widths of Helvetica from the space on; its bold has the same for figures and their signs. */
const helvetica = [
  278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556,
  556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278,
  500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469,
  556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500,
  278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
];
