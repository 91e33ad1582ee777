import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deflateSync } from "node:zlib";
import { afterAll, describe, expect, it, vi } from "vitest";
import { measureFile } from "./measure";

// Each test may start a process: on a busy machine that takes its time.
vi.setConfig({ testTimeout: 60_000 });

const folder = mkdtempSync(join(tmpdir(), "toolmint-measure-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const word = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
const limits = {
  accept: new Set(["image/png", "application/pdf", word, "text/plain"]),
  maxPixels: 1_000_000,
  maxUnpackedBytes: 1_000_000,
};

const fixture = (name: string) => join(import.meta.dirname, "../../e2e/fixtures", name);
const measure = (path: string, more = {}, owner = "ada") =>
  measureFile(path, statSync(path).size, { ...limits, ...more }, owner);

function file(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

/**
 * A PDF of half a megabyte whose list of objects unpacks to half a gigabyte: who wants to know its pages must
 * read that first.
 */
function bomb(): Buffer {
  const inside = Buffer.alloc(512 * 1024 * 1024, " ");
  inside.write("1 0 2 40 ");
  inside.write("<</Type/Catalog/Pages 2 0 R>>", 16);
  inside.write("<</Type/Pages/Count 1/Kids[]>>", 56);
  const objects = deflateSync(inside);
  const parts = [
    Buffer.from("%PDF-1.5\n"),
    Buffer.from(
      `3 0 obj\n<</Type/ObjStm/N 2/First 16/Filter/FlateDecode/Length ${objects.length}>>\nstream\n`,
    ),
    objects,
    Buffer.from("\nendstream\nendobj\n"),
  ];
  const streamAt = 9;
  const tableAt = parts.reduce((sum, part) => sum + part.length, 0);
  const entry = (type: number, field: number, index: number) => {
    const bytes = Buffer.alloc(6);
    bytes.writeUInt8(type, 0);
    bytes.writeUInt32BE(field, 1);
    bytes.writeUInt8(index, 5);
    return bytes;
  };
  const table = Buffer.concat([
    entry(0, 0, 255),
    entry(2, 3, 0),
    entry(2, 3, 1),
    entry(1, streamAt, 0),
    entry(1, tableAt, 0),
  ]);
  return Buffer.concat([
    ...parts,
    Buffer.from(`4 0 obj\n<</Type/XRef/Size 5/W[1 4 1]/Root 1 0 R/Length ${table.length}>>\nstream\n`),
    table,
    Buffer.from(`\nendstream\nendobj\nstartxref\n${tableAt}\n%%EOF\n`),
  ]);
}

describe("an upload is measured", () => {
  it.each([
    ["photo.png", { mediaType: "image/png", width: 240, height: 180 }],
    ["report.pdf", { mediaType: "application/pdf", pages: 2 }],
    ["report.docx", { mediaType: word }],
  ])("by its content: %s", async (name, measured) => {
    expect(await measure(fixture(name))).toEqual(measured);
  });

  it("as text when it decodes as such, and as nothing we know when it does not", async () => {
    expect(await measure(file("note", "Grüße, 你好"))).toEqual({ mediaType: "text/plain" });
    await expect(measure(file("bytes", Buffer.from([1, 2, 3, 255])))).rejects.toMatchObject({
      code: "upload_unsupported",
      facts: { mediaType: "application/octet-stream" },
    });
  });

  it("and refused over its limits or when it is damaged", async () => {
    await expect(measure(fixture("photo.png"), { maxPixels: 100 })).rejects.toMatchObject({
      code: "upload_too_large",
      facts: { width: 240, height: 180, maxPixels: 100 },
    });
    await expect(measure(fixture("report.docx"), { maxUnpackedBytes: 10 })).rejects.toMatchObject({
      code: "upload_too_large",
    });
    await expect(measure(file("torn.pdf", "%PDF-1.7 and no more"))).rejects.toMatchObject({
      code: "upload_corrupt",
      facts: { reason: "pdf" },
    });
    await expect(measure(file("empty", ""))).rejects.toMatchObject({ code: "upload_corrupt" });
  });

  it("in turn: of an owner's crowd so many wait and no more, and another's file finds its place", async () => {
    const owners = [...Array.from({ length: 30 }, () => "ada"), "bob"];
    const asked = owners.map((owner) =>
      measure(fixture("photo.png"), {}, owner).then(
        () => owner,
        ({ code }) => code,
      ),
    );
    const outcomes = await Promise.all(asked);
    expect(outcomes.filter((outcome) => outcome === "busy")).toHaveLength(9);
    expect(outcomes.at(-1)).toBe("bob");
  });

  it("elsewhere: a file that fills its reader's memory is refused, and the next one is read", async () => {
    const path = file("bomb.pdf", bomb());
    expect(statSync(path).size).toBeLessThan(1_000_000);
    // Less than a site gives it, so that it is full soon.
    const little = { timeoutSeconds: 60, memoryMb: 300 };
    await expect(measureFile(path, statSync(path).size, limits, "ada", little)).rejects.toMatchObject({
      code: "upload_corrupt",
      facts: { reason: "out_of_memory" },
    });
    expect(await measure(fixture("report.pdf"))).toMatchObject({ pages: 2 });
  }, 60_000);
});
