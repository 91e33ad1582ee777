import { describe, expect, it } from "vitest";
import { codeTool, codeTools } from "./catalog";
import type { MadeDefinition } from "./made";
import { aPrompt } from "./made/made.fixture";
import { madeTool } from "./made/made-tool";
import type { PromptWork } from "./made/prompt-work";
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

  it("of a made tool is known whatever its form asks, and its maximum is what a run costs at most", () => {
    const label = { en: "Field", zh: "字段" };
    const number = { name: "count", control: "number", label, help: null, required: true } as const;
    const asks: MadeDefinition["fields"] = [
      ...aPrompt().fields,
      { ...number, minimum: 2, maximum: 5, whole: true },
      { ...{ name: "flag", control: "switch", label, help: null, required: true }, on: "x", off: "" },
    ];
    const of = (price: PromptWork["price"]) =>
      unitPrice(madeTool("made", aPrompt({ fields: asks, work: { price } })));
    expect(of({ kind: "fixed", run: 4 })).toMatchObject({ kind: "exact", credits: 4 });
    const tokens = { kind: "tokens", inputTokens: 1, outputTokens: 4, minimum: 1, maximum: 30 } as const;
    expect(of(tokens)).toMatchObject({ kind: "upTo", credits: 30 });
  });

  it("by use is the most that the longest input can cost, not what a word does", () => {
    const write = codeTool("write");
    const price = write && unitPrice(write);
    const text = "字".repeat(8_000);
    const modes = ["write", "translate", "rewrite"];
    const costs = modes.flatMap((mode) =>
      ["short", "medium", "long"].map((length) => Number(write?.price({ mode, text, length }, []).credits)),
    );
    expect(price).toMatchObject({ kind: "upTo", credits: Math.max(...costs), least: 1 });
  });

  it("is known for every tool of the catalog", () => {
    const unknown = codeTools().filter((tool) => unitPrice(tool) === null);
    expect(unknown.map(({ slug }) => slug)).toEqual([]);
  });
});
