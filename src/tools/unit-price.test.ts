import { describe, expect, it } from "vitest";
import { findTool, listTools } from "./catalog";
import { unitPrice } from "./unit-price";

describe("a tool's unit price", () => {
  it("comes from the rule that prices its runs", () => {
    const tool = findTool("image-convert");
    expect(tool && unitPrice(tool)).toEqual({ kind: "exact", credits: 1, unit: "images" });
  });

  it("is known for every tool of the catalog", () => {
    const unknown = listTools().filter((tool) => unitPrice(tool) === null);
    expect(unknown.map(({ slug }) => slug)).toEqual([]);
  });
});
