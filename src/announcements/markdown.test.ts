import { expect, it } from "vitest";
import { parseMarkdown, plainText } from "./markdown";

it("knows paragraphs, lists, bold, italic and links, and leaves the rest as text", () => {
  expect(parseMarkdown("We have **news**:\n\n- a *new* tool\n- [prices](/pricing)\n\n# no head")).toEqual([
    { kind: "paragraph", lines: [[{ text: "We have " }, { text: "news", bold: true }, { text: ":" }]] },
    {
      kind: "list",
      items: [
        [{ text: "a " }, { text: "new", italic: true }, { text: " tool" }],
        [{ text: "prices", href: "/pricing" }],
      ],
    },
    { kind: "paragraph", lines: [[{ text: "# no head" }]] },
  ]);
});

it("makes a link of nothing that could run, or leave the site unseen", () => {
  for (const href of [
    "javascript:alert(1)",
    "//evil.example",
    "/\\evil.example",
    "data:text/html,x",
    "http://a.b",
  ]) {
    const text = `[here](${href})`;
    const [block] = parseMarkdown(text);
    expect(block).toEqual({ kind: "paragraph", lines: [[{ text }]] });
  }
});

it("keeps markup as the text it is", () => {
  const text = '<img src=x onerror="alert(1)"> & <b>bold</b>';
  expect(parseMarkdown(text)).toEqual([{ kind: "paragraph", lines: [[{ text }]] }]);
});

it("becomes plain text with the addresses of its links", () => {
  expect(plainText("**News**\n\n- [prices](/pricing)\n- [https://a.b](https://a.b)")).toBe(
    "News\n\n- prices (/pricing)\n- https://a.b",
  );
});
