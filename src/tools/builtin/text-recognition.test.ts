import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { executeTool } from "#tools";
import { textRecognition } from "./text-recognition";
import { aFile, fixture, textOf, workOn } from "./work.fixture";

const read = async (files: Parameters<typeof workOn>[1], input: Record<string, unknown> = {}) =>
  executeTool(workOn(textRecognition, files, input));

it("reads English", async () => {
  const result = await read([fixture("receipt-en.png")], { language: "en" });
  expect(textOf(result.outputs[0])).toBe(
    "Garden Street Bakery\nTwo loaves of rye bread, one apple cake.\nTotal 18.40 paid on 12 March",
  );
  expect(result.outputs[0]).toMatchObject({ name: "receipt-en.txt", mediaType: "text/plain" });
  expect(result.facts).toMatchObject({ characters: 90, confidencePercent: expect.any(Number) });
  expect(result.usage.credits).toBe(2n);
});

it("reads Chinese, without spaces between the characters", async () => {
  const result = await read([fixture("notice-zh.png")], { language: "zh", joinLines: true });
  expect(textOf(result.outputs[0])).toContain("花园街面包店");
  expect(textOf(result.outputs[0])).toContain("一个苹果蛋糕");
});

it("reads both languages and several images in their order", async () => {
  const result = await read([fixture("notice-zh.png"), fixture("receipt-en.png")]);
  expect(textOf(result.outputs[0])).toMatch(/花园街面包店.*苹果蛋糕.*Garden Street Bakery.*12 March/s);
  expect(result.usage.credits).toBe(4n);
});

it("refuses a picture without text", async () => {
  await expect(read([fixture("photo.png")], { language: "en" })).rejects.toMatchObject({
    code: "nothing_found",
  });
});

it.each([
  ["a truncated image", () => readFileSync(fixture("receipt-en.png").path).subarray(0, 9000)],
  ["a text renamed to .png", () => "just words"],
])("refuses %s", async (_, content) => {
  await expect(read([aFile("broken.png", content())])).rejects.toMatchObject({ code: "file_corrupt" });
});
