import { describe, expect, it } from "vitest";
import { codeTool, codeTools } from "./catalog";
import { unitPrice } from "./unit-price";

describe("a tool's unit price", () => {
  it("comes from the rule that prices its runs", () => {
    const tool = codeTool("image-convert");
    expect(tool && unitPrice(tool)).toMatchObject({ kind: "exact", credits: 1, unit: "images", others: [] });
  });

  it("tells what the files cost that have a price of their own", () => {
    const tool = codeTool("document-to-markdown");
    const price = tool && unitPrice(tool);
    expect(price).toMatchObject({ credits: 1, unit: "pages", types: ["application/pdf"] });
    expect(price?.others).toMatchObject([
      { credits: 3, unit: "documents", types: tool?.files?.accept.slice(1) },
    ]);
  });

  it("tells what a run costs at least, where a small file is raised to it", () => {
    const [upscale, convert] = [codeTool("upscale"), codeTool("image-convert")];
    expect(upscale && unitPrice(upscale)).toMatchObject({ credits: 2, unit: "megapixels", least: 2 });
    expect(convert && unitPrice(convert)).toMatchObject({ least: null });
  });

  it("is known for every tool of the catalog", () => {
    const unknown = codeTools().filter((tool) => unitPrice(tool) === null);
    expect(unknown.map(({ slug }) => slug)).toEqual([]);
  });
});
