import { z } from "zod";
import type { Locale } from "#i18n/locale";
import { fieldErrors } from "./field-errors";
import type { FieldError } from "./refusal";

/**
 * What is wrong with a field, in words for whoever fills a form or calls the API: zod's own speak of types. Pure.
 */

type Issue = z.core.$ZodIssue | z.core.$ZodRawIssue;

type Words = {
  type: Readonly<Record<string, string>>;
  wrongType: string;
  least: (origin: string, least: string, exclusive: boolean) => string;
  most: (origin: string, most: string, exclusive: boolean) => string;
  multiple: (of: string) => string;
  format: Readonly<Record<string, string>>;
  oneOf: (values: readonly string[]) => string;
  unknown: (keys: readonly string[]) => string;
};

const en: Words = {
  type: {
    int: "It must be a whole number.",
    number: "It must be a number.",
    string: "It must be a text.",
    boolean: "It must be true or false.",
    array: "It must be a list.",
    object: "It must be an object.",
    record: "It must be an object.",
  },
  wrongType: "It is of the wrong type.",
  least: (origin, least, exclusive) =>
    origin === "string" || isList(origin)
      ? `It must have at least ${counted(origin, least)}.`
      : `It must be ${exclusive ? "more than" : "at least"} ${least}.`,
  most: (origin, most, exclusive) =>
    origin === "string" || isList(origin)
      ? `It must have at most ${counted(origin, most)}.`
      : `It must be ${exclusive ? "less than" : "at most"} ${most}.`,
  multiple: (of) => `It must be a multiple of ${of}.`,
  format: {
    email: "It is not a mail address.",
    url: "It is not a web address.",
    datetime: "It must be a time, such as 2026-12-31T00:00:00Z.",
    date: "It must be a day, such as 2026-12-31.",
  },
  oneOf: (values) =>
    values.length === 1 ? `It must be ${values[0]}.` : `It must be one of ${values.join(", ")}.`,
  unknown: (keys) => `Nobody knows a field of this name: ${keys.join(", ")}.`,
};

const zh: Words = {
  type: {
    int: "必须是整数。",
    number: "必须是数字。",
    string: "必须是文字。",
    boolean: "必须是 true 或 false。",
    array: "必须是列表。",
    object: "必须是对象。",
    record: "必须是对象。",
  },
  wrongType: "类型不正确。",
  least: (origin, least, exclusive) =>
    origin === "string"
      ? `至少 ${least} 个字符。`
      : isList(origin)
        ? `至少 ${least} 项。`
        : `${exclusive ? "必须大于" : "不能小于"} ${least}。`,
  most: (origin, most, exclusive) =>
    origin === "string"
      ? `最多 ${most} 个字符。`
      : isList(origin)
        ? `最多 ${most} 项。`
        : `${exclusive ? "必须小于" : "不能大于"} ${most}。`,
  multiple: (of) => `必须是 ${of} 的倍数。`,
  format: {
    email: "不是有效的邮箱地址。",
    url: "不是有效的网址。",
    datetime: "必须是时间，例如 2026-12-31T00:00:00Z。",
    date: "必须是日期，例如 2026-12-31。",
  },
  oneOf: (values) =>
    values.length === 1 ? `必须是 ${values[0]}。` : `必须是以下之一：${values.join("、")}。`,
  unknown: (keys) => `没有这个字段：${keys.join("、")}。`,
};

const words = { en, zh } as const satisfies Record<Locale, Words>;

const missing = "It is missing.";
const empty = "It is empty.";

/** What zod says instead of its own words, in English. */
export function issueWords(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code === "invalid_type" && issue.input === undefined) return missing;
  if (issue.code === "too_small" && issue.origin === "string" && Number(issue.minimum) === 1) return empty;
  return byCode(issue, en);
}

/** The same of what zod has found, in the reader's language; by then it has forgotten what the field held. */
export function issueIn(issue: z.core.$ZodIssue, locale: Locale): string {
  if (locale === "en") return issue.message;
  return chinese[issue.message] ?? byCode(issue, words[locale]) ?? issue.message;
}

const chineseOf = z.locales.zhCN().localeError;

/** What is checked by itself, in one language: where there are no words of ours, zod's stand. */
export function checkIn<T>(
  schema: z.ZodType<T>,
  input: unknown,
  locale: Locale,
): { data: T } | { errors: FieldError[] } {
  const error = (issue: z.core.$ZodRawIssue) =>
    issueWords(issue) ?? (locale === "zh" ? chineseOf(issue) : undefined);
  const parsed = schema.safeParse(input, { error });
  return parsed.success
    ? { data: parsed.data }
    : { errors: fieldErrors(parsed.error, (issue) => issueIn(issue, locale)) };
}

/** Sentences that code of ours says of a field, in the reader's language. */
export function sentencesIn(errors: readonly FieldError[], locale: Locale): FieldError[] {
  if (locale === "en") return [...errors];
  return errors.map(({ path, message }) => ({ path, message: chinese[message] ?? message }));
}

function byCode(issue: Issue, { type, ...said }: Words): string | undefined {
  switch (issue.code) {
    case "invalid_type":
      return type[`${issue.expected}`] ?? said.wrongType;
    case "too_small":
      return issue.origin === "date"
        ? undefined
        : said.least(`${issue.origin}`, `${issue.minimum}`, issue.inclusive === false);
    case "too_big":
      return issue.origin === "date"
        ? undefined
        : said.most(`${issue.origin}`, `${issue.maximum}`, issue.inclusive === false);
    case "not_multiple_of":
      return said.multiple(`${issue.divisor}`);
    case "invalid_format":
      return said.format[`${issue.format}`];
    case "invalid_value":
      return Array.isArray(issue.values) ? said.oneOf(issue.values.map(String)) : undefined;
    case "invalid_union":
      // Told apart by one field, whose value none of them has.
      return "options" in issue && Array.isArray(issue.options)
        ? said.oneOf(issue.options.map(String))
        : said.wrongType;
    case "unrecognized_keys":
      return Array.isArray(issue.keys) ? said.unknown(issue.keys.slice(0, 5).map(String)) : undefined;
    default:
      return undefined;
  }
}

function isList(origin: string): boolean {
  return origin === "array" || origin === "set";
}

function counted(origin: string, count: string): string {
  const one = origin === "string" ? "character" : "item";
  return `${count} ${count === "1" ? one : `${one}s`}`;
}

/** Sentences of ours, word for word as they are written beside what they check. */
const chinese: Readonly<Record<string, string>> = {
  [missing]: "未填写。",
  [empty]: "内容为空。",
  "not 0": "不能为 0。",
  "at least one": "至少选择一项。",
  "at most 20 parameters": "最多 20 个参数。",
  "a time to come": "必须是将来的时间。",
  "a time to come, after showsFrom": "必须是将来的时间，且晚于开始时间。",
  "It would be over already.": "那时已经结束。",
  "Nobody is in it.": "没有符合条件的客户。",
  "Nobody has signed up with it.": "没有用户使用这个邮箱注册。",
  "a day, YYYY-MM-DD": "必须是日期，格式为 YYYY-MM-DD。",
  "It lies before `from`.": "早于开始日期。",
  "That is more than ten years.": "超过十年。",
  "A file is missing.": "缺少文件。",
  "2 to 50 small letters, digits and dashes": "2 到 50 个小写字母、数字和连字符。",
  "3 to 40 letters of A-Z, digits and dashes": "3 到 40 个字母 A–Z、数字和连字符。",
  "small letters, digits and hyphens": "只能是小写字母、数字和连字符。",
  "It begins with a small letter; then small letters, digits and underscores.":
    "以小写字母开头，只能含小写字母、数字和下划线。",
  "It begins with a small letter; then small letters, digits and single hyphens.":
    "以小写字母开头，只能含小写字母、数字和单个连字符。",
  "Small letters, digits, hyphens and underscores.": "只能含小写字母、数字、连字符和下划线。",
  "This name is reserved.": "此名称为系统保留。",
  "visible ASCII characters": "只能是可见的 ASCII 字符。",
  "without a name and password in it": "地址中不能含用户名和密码。",
  "This is another server: enter its key.": "这是另一台服务器：请填写它的密钥。",
  "Free has no prices, and every other plan has.": "免费版没有价格，其他套餐都必须有。",
  "Free can neither be archived nor tried.": "免费版不能停售，也没有试用。",
  "At least 1.": "至少为 1。",
  "Each plan once.": "每个套餐只能出现一次。",
  "Each pack once.": "每个积分包只能出现一次。",
  "Another tool has this name.": "已有工具使用这个名称。",
  "This tool has no such rate.": "这个工具没有该费率。",
  "This tool has no such limit.": "这个工具没有该限制。",
  "Below the minimum.": "低于最小值。",
  "There is no such upload.": "没有这个上传文件。",
};
