import { describe, expect, it } from "vitest";
import { parseCsv } from "#ui/files/csv";
import { acceptAttribute, mayBe, typeLabel } from "#ui/files/media-types";

describe("parseCsv", () => {
  it("reads cells, quotes and line breaks inside quotes", () => {
    expect(parseCsv('a,b\r\n"1, ""one""","two\nlines"\n', 10)).toEqual([
      ["a", "b"],
      ['1, "one"', "two\nlines"],
    ]);
  });

  it("keeps empty cells and a last row without a line break", () => {
    expect(parseCsv("a,,c\n1,2,", 10)).toEqual([
      ["a", "", "c"],
      ["1", "2", ""],
    ]);
  });

  it("stops at the limit", () => {
    expect(parseCsv("1\n2\n3\n", 2)).toEqual([["1"], ["2"]]);
  });
});

describe("mayBe", () => {
  it("goes by the type, and by the ending where the browser knows none", () => {
    expect(mayBe({ name: "a.bin", type: "image/png" }, ["image/png"])).toBe(true);
    expect(mayBe({ name: "Notes.MD", type: "" }, ["text/markdown"])).toBe(true);
    expect(mayBe({ name: "a.pdf", type: "application/pdf" }, ["image/png", "image/jpeg"])).toBe(false);
  });
});

it("types have names and endings", () => {
  expect(typeLabel("application/pdf")).toBe("PDF");
  expect(typeLabel("image/x-new")).toBe("X-NEW");
  expect(acceptAttribute(["image/jpeg"])).toBe("image/jpeg,.jpg,.jpeg");
});
