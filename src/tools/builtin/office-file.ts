import { DOMParser, type Document, type Element } from "@xmldom/xmldom";
import { unzipSync } from "fflate";
import { ToolError } from "#tools/define";

/** An Office document is a ZIP of XML parts. Opened with bounds: a few kilobytes can unpack to gigabytes. */

/** Text of a thousand pages takes some 10 MB; the tree made of it takes twenty times as much. */
const maxUnpackedBytes = 40_000_000;
const maxParts = 5000;

export type OfficeFile = {
  /** XML and relationship parts by name; pictures and the like are left packed. */
  parts: Record<string, Uint8Array>;
};

/** @throws ToolError file_encrypted, file_corrupt, unpacks_too_large. */
export function openOfficeFile(bytes: Uint8Array): OfficeFile {
  let unpacked = 0;
  let count = 0;
  try {
    const parts = unzipSync(bytes, {
      filter: ({ name, originalSize }) => {
        count += 1;
        if (!/\.(xml|rels)$/i.test(name)) return false;
        // Entries that lie about their size are cut off at what they said: fflate fills a buffer of that size.
        unpacked += originalSize;
        if (unpacked > maxUnpackedBytes || count > maxParts) {
          throw new ToolError("unpacks_too_large", `${count} parts, ${unpacked} bytes and more`);
        }
        return true;
      },
    });
    return { parts };
  } catch (cause) {
    if (cause instanceof ToolError) throw cause;
    // With a password it is an OLE container around the encrypted ZIP.
    const isContainer = Buffer.from(bytes.subarray(0, 4)).equals(Buffer.from([0xd0, 0xcf, 0x11, 0xe0]));
    throw new ToolError(isContainer ? "file_encrypted" : "file_corrupt", String(cause));
  }
}

/** A part as a tree; null when the file has none of that name. @throws ToolError file_corrupt */
export function readPart(file: OfficeFile, name: string): Document | null {
  const bytes = file.parts[name];
  if (!bytes) return null;
  try {
    const onError = (_: string, message: string) => {
      throw new Error(message);
    };
    return new DOMParser({ onError }).parseFromString(new TextDecoder().decode(bytes), "text/xml");
  } catch (cause) {
    throw new ToolError("file_corrupt", `${name}: ${cause instanceof Error ? cause.message : cause}`);
  }
}

/** A part that must be there. @throws ToolError file_corrupt */
export function requirePart(file: OfficeFile, name: string): Document {
  const part = readPart(file, name);
  if (!part) throw new ToolError("file_corrupt", `no part ${name}`);
  return part;
}

/** Relationship ids of a part, with the names of the parts they lead to. */
export function relationsOf(file: OfficeFile, name: string): Map<string, string> {
  const folder = name.slice(0, name.lastIndexOf("/") + 1);
  const relations = readPart(file, `${folder}_rels/${name.slice(folder.length)}.rels`);
  return new Map(
    elements(relations, "Relationship").map((relation) => {
      const target = relation.getAttribute("Target") ?? "";
      const path = target.startsWith("/") ? target : `/${folder}${target}`;
      return [relation.getAttribute("Id") ?? "", new URL(path, "file:///").pathname.slice(1)];
    }),
  );
}

/** The id by which an element names a relationship (`r:id`). */
export function relationId(element: Element): string {
  const ns = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
  return element.getAttributeNS(ns, "id") ?? "";
}

/** Elements of that name below, at any depth, in the document's order. */
export function elements(parent: Document | Element | null, localName: string): Element[] {
  return parent ? [...parent.getElementsByTagNameNS("*", localName)] : [];
}

/** Elements right below. */
export function children(parent: Element): Element[] {
  // Asked by name, since xmldom's lists of child nodes are not typed as elements.
  return elements(parent, "*").filter((element) => element.parentNode === parent);
}
