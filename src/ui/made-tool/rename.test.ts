import { expect, it } from "vitest";
import { blankField, blankPrompt, blankTool } from "./blank";
import { renamed } from "./rename";

it("a field's new name stands in the prompts and examples that named it, and nowhere else", () => {
  const title = { en: "One", zh: "一" };
  const made = {
    ...blankTool,
    fields: [{ ...blankField([]), name: "topic" }],
    examples: [{ title, input: { text: "{{text}}", tone: "warm" } }],
    work: {
      ...blankPrompt,
      system: "Be {{tone}}, {{ text }}.",
      prompt: "<text>{{text}}</text> {{text_2}} text",
    },
  };
  const { work, examples } = renamed(made, "text", "topic");
  expect(work).toMatchObject({
    system: "Be {{tone}}, {{topic}}.",
    prompt: "<text>{{topic}}</text> {{text_2}} text",
  });
  expect(examples).toEqual([{ title, input: { topic: "{{text}}", tone: "warm" } }]);
});

it("nothing is renamed where another field has either name", () => {
  const field = blankField([]);
  const two = (names: string[]) => ({ ...blankTool, fields: names.map((name) => ({ ...field, name })) });
  for (const made of [two(["topic", "text"]), two(["topic", "topic"])]) {
    expect(renamed(made, "text", "topic")).toBe(made);
  }
});
