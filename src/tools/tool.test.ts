import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { Refusal } from "#platform/refusal";
import { codeTools } from "./catalog";
import { fields, type Locale } from "./form";
import { parseInput, uploadIds } from "./input";
import { toolErrorCodes } from "./names";
import { exactly, fixed } from "./price";
import { runErrorCodes } from "./run";
import { checkFiles, defineTool, inputSchema, type ToolFile, toolSteps } from "./tool";

const texts = { name: "Sample", summary: "", description: "", takes: "", gives: "" };
const label = (en: string) => ({ label: { en, zh: `${en}（中）` } });

const sample = defineTool({
  slug: "sample",
  category: "images",
  icon: "star",
  texts: { en: texts, zh: texts },
  input: z.strictObject({
    images: z.array(z.string()).min(1).max(2).register(fields, label("Images")),
    style: z
      .enum(["flat", "deep"])
      .default("flat")
      .register(fields, { ...label("Style"), options: { flat: { en: "Flat", zh: "平" } } }),
    size: z
      .number()
      .int()
      .min(1)
      .max(9)
      .optional()
      .register(fields, { ...label("Size"), unit: "px" }),
    title: z
      .string()
      .max(20)
      .default("")
      .register(fields, { ...label("Title"), shownWhen: { field: "style", values: ["deep"] } }),
    notes: z
      .string()
      .optional()
      .register(fields, { ...label("Notes"), long: true, advanced: true }),
    sharp: z.boolean().default(true).register(fields, label("Sharp")),
  }),
  files: { field: "images", accept: ["image/png"], maxBytes: 100, maxCount: 2, maxPixels: 50 },
  process: "worker",
  limits: { timeoutSeconds: 1, memoryMb: 1 },
  tryable: { maxBytes: 10, maxCount: 1 },
  examples: [],
  price: exactly({ images: 1 }, ({ size }, files) => ({ images: files.length * (size ?? 1) })),
  run: async () => ({ outputs: [] }),
});

describe("the form of a tool", () => {
  it("is drawn from its input schema, in the language asked for", () => {
    const common = { help: null, required: false, advanced: false, shownWhen: null };
    const { field: _, ...limits } = sample.files ?? { field: "" };
    expect(inputSchema(sample, "zh")).toEqual([
      { ...common, name: "images", control: "file", label: "Images（中）", required: true, files: limits },
      {
        ...common,
        name: "style",
        control: "choice",
        label: "Style（中）",
        default: "flat",
        options: [
          { value: "flat", label: "平" },
          { value: "deep", label: "deep" },
        ],
      },
      {
        ...common,
        name: "size",
        control: "number",
        label: "Size（中）",
        default: null,
        minimum: 1,
        maximum: 9,
        step: 1,
        unit: "px",
        placeholder: null,
      },
      {
        ...common,
        name: "title",
        control: "text",
        label: "Title（中）",
        default: "",
        placeholder: null,
        minLength: null,
        maxLength: 20,
        shownWhen: { field: "style", values: ["deep"] },
      },
      {
        ...common,
        name: "notes",
        control: "longText",
        label: "Notes（中）",
        default: null,
        placeholder: null,
        minLength: null,
        maxLength: null,
        advanced: true,
      },
      { ...common, name: "sharp", control: "switch", label: "Sharp（中）", default: true },
    ]);
  });

  it("needs texts for every field", () => {
    const input = z.strictObject({ silent: z.string() });
    const tool = defineTool({ ...sample, input, files: null, price: fixed(1) });
    expect(() => inputSchema(tool, "en")).toThrow("silent");
  });
});

function refusalOf(action: () => unknown): Refusal {
  try {
    action();
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
  throw new Error("nothing was refused");
}

describe("an input", () => {
  it("is completed with its defaults", () => {
    const input = parseInput(sample, { images: ["upl_1"] });
    expect(input).toEqual({ images: ["upl_1"], style: "flat", title: "", sharp: true });
    expect(uploadIds(sample, input)).toEqual(["upl_1"]);
  });

  it("is refused with the name of each wrong field", () => {
    const { code, facts } = refusalOf(() => parseInput(sample, { style: "loud", size: 10, extra: 1 }));
    expect(code).toBe("invalid_request");
    expect(facts.errors).toMatchObject([
      { path: "images" },
      { path: "style" },
      { path: "size" },
      { path: "extra" },
    ]);
  });

  it("is refused with one sentence for all keys that nobody knows", () => {
    const unknown = Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`extra${index}`, 1]));
    const { facts } = refusalOf(() => parseInput(sample, { images: ["upl_1"], ...unknown }));
    expect(facts.errors).toMatchObject([{ path: "extra0" }]);
  });

  it("is refused with one sentence for each wrong field", () => {
    const { facts } = refusalOf(() => parseInput(sample, { images: "upl_" }));
    expect(facts.errors).toEqual([{ path: "images", message: "It must be a list." }]);
  });

  it("is refused in the caller's language", () => {
    expect(refusalOf(() => parseInput(sample, {}, "zh")).facts.errors).toMatchObject([
      { path: "images", message: "未填写。" },
    ]);
  });

  it("that nobody checked is neither priced nor run", async () => {
    expect(() => sample.price({ size: -1 }, [])).toThrow(z.ZodError);
  });
});

describe("files", () => {
  const file: ToolFile = {
    id: "upl_1",
    name: "a.png",
    mediaType: "image/png",
    bytes: 9,
    width: 5,
    height: 5,
  };
  it.each([
    ["too many", [file, file, file], "images"],
    ["of another type", [file, { ...file, mediaType: "image/gif" }], "images.1"],
    ["too large", [{ ...file, bytes: 101 }], "images.0"],
    ["of too many pixels", [{ ...file, width: 11 }], "images.0"],
  ])("%s are refused before the run", (_, files, path) => {
    expect(refusalOf(() => checkFiles(sample, files, false)).facts.errors).toMatchObject([{ path }]);
  });

  it("of visitors have smaller limits", () => {
    expect(() => checkFiles(sample, [file, file], false)).not.toThrow();
    expect(refusalOf(() => checkFiles(sample, [file, file], true)).code).toBe("invalid_request");
    expect(refusalOf(() => checkFiles(sample, [{ ...file, bytes: 11 }], true)).code).toBe("invalid_request");
  });
});

describe("the catalog", () => {
  it.each(codeTools().map((tool) => [tool.slug, tool] as const))(
    "%s has a form, examples and a price",
    (_, tool) => {
      for (const locale of ["en", "zh"] satisfies Locale[]) {
        const form = inputSchema(tool, locale);
        expect(JSON.parse(JSON.stringify(form))).toEqual(form);
        expect(Object.values(tool.texts[locale]).every(Boolean)).toBe(true);
        // Every choice has words of its own.
        for (const field of form) {
          if (field.control === "choice")
            expect(field.options.every(({ label, value }) => label !== value)).toBe(true);
        }
      }
      expect(tool.examples).toHaveLength(3);
      for (const { input, samples } of tool.examples) {
        const listed = tool.files ? { [tool.files.field]: samples } : {};
        const files = samples.map((name, i) => ({ id: `upl_${i}`, name, mediaType: "image/png", bytes: 1 }));
        const { credits } = tool.price(parseInput(tool, { ...input, ...listed }), files);
        expect(credits).toBeGreaterThan(0n);
        expect(credits).toBeLessThanOrEqual(12n);
      }
    },
  );

  it("has one tool that visitors may try", () => {
    expect(
      codeTools()
        .filter((tool) => tool.tryable)
        .map((tool) => tool.slug),
    ).toEqual(["text-recognition"]);
  });
});

it.each([
  ["toolErrors", [...toolErrorCodes, ...runErrorCodes]],
  ["toolSteps", toolSteps],
])("%s has words for each code, in both languages", (namespace, codes) => {
  for (const locale of ["en", "zh"]) {
    const words: unknown = JSON.parse(readFileSync(`src/i18n/${locale}/${namespace}.json`, "utf8"));
    expect(words).toEqual(Object.fromEntries(codes.map((code) => [code, expect.stringMatching(/./)])));
  }
});
