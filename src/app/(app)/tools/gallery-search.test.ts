import { describe, expect, it } from "vitest";
import { nearestTools, searchTools } from "./gallery-search";

const tools = [
  {
    name: "Convert images",
    summary: "Change format.",
    slug: "image-convert",
    takes: "Images",
    gives: "WebP",
  },
  { name: "Read text", summary: "OCR for scans.", slug: "text-recognition", takes: "Images", gives: "Text" },
  { name: "图片文字识别", summary: "提取文字。", slug: "ocr-zh", takes: "图片", gives: "文本" },
];
const names = (found: readonly { slug: string }[]) => found.map(({ slug }) => slug);

describe("the gallery's search", () => {
  it("wants every word, anywhere, in any case", () => {
    expect(names(searchTools(tools, "  IMAGES webp"))).toEqual(["image-convert"]);
    expect(names(searchTools(tools, "文字"))).toEqual(["ocr-zh"]);
    expect(searchTools(tools, "")).toHaveLength(3);
  });

  it("offers near names for what is misspelt, in Chinese too, and none for what is foreign", () => {
    expect(names(nearestTools(tools, "recogntion"))[0]).toBe("text-recognition");
    expect(names(nearestTools(tools, "imgae convrt"))[0]).toBe("image-convert");
    expect(names(nearestTools(tools, "图像文字"))).toEqual(["ocr-zh"]);
    expect(nearestTools(tools, "qqqq")).toEqual([]);
  });
});
