import { describe, expect, it } from "vitest";
import type { FormField } from "#tools";
import { findFaults, initialValues, serverFaults, toInput, valuesFrom } from "./form-values";

const common = { help: null, required: false, advanced: false, shownWhen: null };
const fields: FormField[] = [
  {
    ...common,
    name: "images",
    label: "Images",
    required: true,
    control: "file",
    files: { accept: ["image/png"], maxBytes: 1000, maxCount: 2 },
  },
  {
    ...common,
    name: "format",
    label: "Format",
    control: "choice",
    default: "webp",
    options: [
      { value: "webp", label: "WebP" },
      { value: "png", label: "PNG" },
    ],
  },
  {
    ...common,
    name: "quality",
    label: "Quality",
    shownWhen: { field: "format", values: ["webp"] },
    control: "number",
    default: 80,
    minimum: 1,
    maximum: 100,
    step: 1,
    unit: null,
    placeholder: null,
  },
  {
    ...common,
    name: "width",
    label: "Width",
    control: "number",
    default: null,
    minimum: 1,
    maximum: null,
    step: null,
    unit: "px",
    placeholder: null,
  },
  {
    ...common,
    name: "note",
    label: "Note",
    control: "longText",
    default: null,
    placeholder: null,
    minLength: 2,
    maxLength: 5,
  },
  { ...common, name: "strip", label: "Strip", control: "switch", default: true },
];

describe("a tool's form", () => {
  it("begins with its defaults and leaves out what is empty", () => {
    expect(toInput(fields, initialValues(fields), ["upl_1"])).toEqual({
      images: ["upl_1"],
      format: "webp",
      quality: 80,
      strip: true,
    });
  });

  it("leaves out a field that another one hides, and does not complain about it", () => {
    const values = { ...initialValues(fields), format: "png", quality: "0" };
    expect(toInput(fields, values, ["upl_1"])).not.toHaveProperty("quality");
    expect(findFaults(fields, values, 1)).toEqual({});
  });

  it("takes an earlier run's input and forgets what the form does not know", () => {
    const values = valuesFrom(fields, {
      format: "png",
      width: 640,
      strip: false,
      gone: 1,
      images: ["upl_1"],
    });
    expect(values).toEqual({ format: "png", quality: "80", width: "640", note: "", strip: false });
  });

  it("names the bound that is passed", () => {
    const values = { ...initialValues(fields), quality: "101", width: "0", note: "x" };
    expect(findFaults(fields, values, 0)).toEqual({
      images: { kind: "required" },
      quality: { kind: "most", bound: 100 },
      width: { kind: "least", bound: 1 },
      note: { kind: "short", bound: 2 },
    });
    expect(findFaults(fields, { ...values, quality: "1.5", width: "x" }, 1)).toMatchObject({
      quality: { kind: "whole" },
      width: { kind: "number" },
    });
  });

  it("reads figures with groups of three, or a comma for the point", () => {
    const values = { ...initialValues(fields), width: "1,280", quality: "1,2345" };
    expect(toInput(fields, values, [])).toMatchObject({ width: 1280 });
    expect(findFaults(fields, values, 1)).toEqual({ quality: { kind: "number" } });
  });

  it("puts the server's complaint about one file at the file field", () => {
    expect(serverFaults([{ path: "input.images.0", message: "too big" }])).toEqual({
      images: { kind: "server", message: "too big" },
    });
  });
});
