/** What people call the media types that tools take, and the endings their files have. */
const known: Readonly<Record<string, { label: string; endings: readonly string[] }>> = {
  "image/png": { label: "PNG", endings: [".png"] },
  "image/jpeg": { label: "JPEG", endings: [".jpg", ".jpeg"] },
  "image/webp": { label: "WebP", endings: [".webp"] },
  "image/avif": { label: "AVIF", endings: [".avif"] },
  "image/gif": { label: "GIF", endings: [".gif"] },
  "image/tiff": { label: "TIFF", endings: [".tif", ".tiff"] },
  "image/heic": { label: "HEIC", endings: [".heic"] },
  "image/svg+xml": { label: "SVG", endings: [".svg"] },
  "application/pdf": { label: "PDF", endings: [".pdf"] },
  "application/vnd.openxmlformats-officedocument.wordprocessingml.document": {
    label: "Word",
    endings: [".docx"],
  },
  "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": { label: "Excel", endings: [".xlsx"] },
  "application/vnd.openxmlformats-officedocument.presentationml.presentation": {
    label: "PowerPoint",
    endings: [".pptx"],
  },
  "text/plain": { label: "TXT", endings: [".txt"] },
  "text/markdown": { label: "Markdown", endings: [".md"] },
  "text/csv": { label: "CSV", endings: [".csv"] },
  "text/html": { label: "HTML", endings: [".html", ".htm"] },
  "application/json": { label: "JSON", endings: [".json"] },
  "application/zip": { label: "ZIP", endings: [".zip"] },
};

/** PNG, PDF, Word. */
export function typeLabel(mediaType: string): string {
  return known[mediaType]?.label ?? mediaType.split("/").at(-1)?.toUpperCase() ?? mediaType;
}

/** For an input's accept attribute: types and endings, since systems know not every type. */
export function acceptAttribute(mediaTypes: readonly string[]): string {
  return mediaTypes.flatMap((type) => [type, ...(known[type]?.endings ?? [])]).join(",");
}

/** Whether a file may be of one of these types, by what the browser says or by its ending. The server looks inside. */
export function mayBe(file: { name: string; type: string }, mediaTypes: readonly string[]): boolean {
  if (mediaTypes.includes(file.type)) return true;
  const name = file.name.toLowerCase();
  return mediaTypes.some((type) => known[type]?.endings.some((ending) => name.endsWith(ending)));
}
