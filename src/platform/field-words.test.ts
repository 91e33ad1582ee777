import { expect, it } from "vitest";
import { z } from "zod";
import type { Locale } from "#i18n/locale";
import { checkIn, sentencesIn } from "./field-words";

const form = z.strictObject({
  count: z.int().min(1).max(20),
  share: z.number().multipleOf(5),
  name: z.string().min(1).max(4),
  kind: z.enum(["text", "image"]),
  mail: z.email(),
  url: z.url(),
  scopes: z.array(z.string()).min(1),
});

const faults = (input: unknown, locale: Locale) => {
  const checked = checkIn(form, input, locale);
  if ("data" in checked) throw new Error("It is right.");
  return Object.fromEntries(checked.errors.map(({ path, message }) => [path, message]));
};

const wrong = {
  ...{ count: 0, share: 7, name: "", kind: "film", mail: "ada", url: "no", scopes: [], colour: "red" },
};

it("says what is wrong with a field in English", () => {
  expect(faults(wrong, "en")).toEqual({
    count: "It must be at least 1.",
    share: "It must be a multiple of 5.",
    name: "It is empty.",
    kind: "It must be one of text, image.",
    mail: "It is not a mail address.",
    url: "It is not a web address.",
    scopes: "It must have at least 1 item.",
    colour: "Nobody knows a field of this name: colour.",
  });
  expect(faults({ count: "4", name: "Edward", scopes: "all" }, "en")).toMatchObject({
    count: "It must be a number.",
    name: "It must have at most 4 characters.",
    scopes: "It must be a list.",
    kind: "It must be one of text, image.",
    mail: "It is missing.",
  });
});

it("says the same in Chinese, without a word of English", () => {
  const said = { ...faults(wrong, "zh"), ...faults({ count: 4.5, name: 4, share: "x" }, "zh") };
  expect(said).toMatchObject({ count: "必须是整数。", name: "必须是文字。", mail: "未填写。" });
  const own = ["kind", "colour"];
  for (const [field, sentence] of Object.entries(said)) {
    if (!own.includes(field)) expect(sentence, field).not.toMatch(/[A-Za-z]{3}/);
  }
});

it("knows the sentences that code of ours says of a field", () => {
  const error = { path: "key", message: "This is another server: enter its key." };
  expect(sentencesIn([error], "en")).toEqual([error]);
  expect(sentencesIn([error, { path: "x", message: "Unheard of." }], "zh")).toEqual([
    { path: "key", message: "这是另一台服务器：请填写它的密钥。" },
    { path: "x", message: "Unheard of." },
  ]);
});
