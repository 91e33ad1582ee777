import { describe, expect, it } from "vitest";
import { isLocale, negotiateLocale } from "./locale";
import { messages } from "./messages";

function flatten(value: unknown, path = ""): [path: string, text: string][] {
  if (typeof value === "string") return [[path, value]];
  if (typeof value !== "object" || value === null) throw new Error(`${path} is neither text nor a group`);
  return Object.entries(value).flatMap(([key, inner]) => flatten(inner, path ? `${path}.${key}` : key));
}

/** Names of ICU arguments and of rich-text tags. */
function argumentsOf(text: string): string[] {
  const names = [...text.matchAll(/\{\s*(\w+)\s*[,}]|<(\w+)>/g)].map(([, name, tag]) => name ?? `<${tag}>`);
  return [...new Set(names)].sort();
}

const english = new Map(flatten(messages.en));
const chinese = new Map(flatten(messages.zh));

describe("messages", () => {
  it("has the same keys in both languages", () => {
    expect([...chinese.keys()].sort()).toEqual([...english.keys()].sort());
  });

  it("takes the same arguments in both languages", () => {
    const differing = [...english].filter(
      ([key, text]) => `${argumentsOf(text)}` !== `${argumentsOf(chinese.get(key) ?? "")}`,
    );
    expect(differing.map(([key]) => key)).toEqual([]);
  });

  it("says one of a thing in the singular", () => {
    const counted = /\{(?:count|value|accounts|entries|days|hours|minutes|seconds|months)\} [a-z]+s\b/;
    const always = ["dashboard.usage.", "dev.stripe.ahead", "mails."]; // These are never one.
    const plurals = [...english].filter(
      ([key, text]) => counted.test(text) && !always.some((known) => key.startsWith(known)),
    );
    expect(plurals).toEqual([]);
  });

  it("has no empty text", () => {
    const empty = [...english, ...chinese].filter(([, text]) => text.trim() === "");
    expect(empty).toEqual([]);
  });

  it("uses full-width punctuation between Chinese characters", () => {
    const narrow = [...chinese].filter(([, text]) => /[\u4e00-\u9fff][,;:!?](?!\w)/.test(text));
    expect(narrow).toEqual([]);
  });

  it("puts no space between a day, which ends in Chinese, and the word after it", () => {
    const spaced = [...chinese].filter(([, text]) => /\{(?:date|day|until)\} [\u4e00-\u9fff]/.test(text));
    expect(spaced).toEqual([]);
  });
});

describe("negotiateLocale", () => {
  it.each([
    ["zh-CN,zh;q=0.9,en;q=0.8", "zh"],
    ["en-GB,en;q=0.9,zh;q=0.8", "en"],
    ["fr, zh;q=0.2, en;q=0.1", "zh"],
    ["zh;q=0, en", "en"],
    ["de", "en"],
    ["", "en"],
    [null, "en"],
  ])("reads %j as %s", (header, locale) => {
    expect(negotiateLocale(header)).toBe(locale);
  });

  it("knows only its own languages", () => {
    expect(isLocale("zh")).toBe(true);
    expect(isLocale("zh-CN")).toBe(false);
  });
});
