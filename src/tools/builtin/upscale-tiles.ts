/** Cuts an image into tiles, so that a model's memory depends on the tile and not on the image. */

export type Rectangle = { left: number; top: number; width: number; height: number };

export type Tile = {
  /** The part of the image this tile answers for; the cores cover it exactly. */
  core: Rectangle;
  /** The core with its surroundings, as far as the image goes: what the model sees. */
  seen: Rectangle;
};

/**
 * @param size the longest side of a core, in pixels.
 * @param overlap how far the model looks around a pixel; less than that shows as seams.
 */
export function tilesOf(width: number, height: number, size: number, overlap: number): Tile[] {
  const tiles: Tile[] = [];
  for (const [top, tall] of spans(height, size)) {
    for (const [left, wide] of spans(width, size)) {
      const seenLeft = Math.max(0, left - overlap);
      const seenTop = Math.max(0, top - overlap);
      tiles.push({
        core: { left, top, width: wide, height: tall },
        seen: {
          left: seenLeft,
          top: seenTop,
          width: Math.min(width, left + wide + overlap) - seenLeft,
          height: Math.min(height, top + tall + overlap) - seenTop,
        },
      });
    }
  }
  return tiles;
}

/** Spans of nearly the same length: no sliver at the end that is all overlap. */
function spans(length: number, size: number): [start: number, length: number][] {
  const count = Math.ceil(length / size);
  return Array.from({ length: count }, (_, index) => {
    const start = Math.round((index * length) / count);
    return [start, Math.round(((index + 1) * length) / count) - start];
  });
}
