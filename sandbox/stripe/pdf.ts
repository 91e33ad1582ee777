/** A PDF of one page, of plain lines of text: enough for an invoice that can be opened, printed and kept. */

export type PdfLine = {
  text: string;
  x: number;
  y: number;
  size?: number;
  bold?: boolean;
  rightAligned?: boolean;
};

const width = 595;
const height = 842;

/** The file. Coordinates are in points from the top left of an A4 page. */
export function pdfOf(lines: readonly PdfLine[]): Uint8Array {
  const content = lines.map(drawn).join("\n");
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

function drawn({ text, x, y, size = 10, bold = false, rightAligned = false }: PdfLine): string {
  const shown = printable(text);
  // Figures are all one width in Helvetica; the rest is near enough for a column.
  const left = rightAligned ? x - shown.length * size * 0.53 : x;
  return `BT /${bold ? "F2" : "F1"} ${size} Tf ${left.toFixed(1)} ${height - y} Td (${shown.replace(/[\\()]/g, "\\$&")}) Tj ET`;
}

/** What the standard fonts have: Latin letters; everything else becomes a question mark. */
function printable(text: string): string {
  return text.replaceAll("−", "-").replace(/[^\x20-\x7e\xa0-\xff]/g, "?");
}
