/** Lines of text as recognition and PDFs give them, put back together. Chinese needs care: it has no spaces. */

const cjk = "[\\p{Script=Han}\\u3000-\\u303f\\uff00-\\uffef“”‘’…—]";
const betweenCjk = new RegExp(`(?<=${cjk}) +(?=${cjk})`, "gu");
const endsCjk = new RegExp(`${cjk}$`, "u");
const startsCjk = new RegExp(`^${cjk}`, "u");

/** Puts a broken line back together: no space within Chinese, none where a word was hyphenated. */
export function joinLines(before: string, after: string): string {
  if (/\p{L}-$/u.test(before) && /^\p{Ll}/u.test(after)) return before.slice(0, -1) + after;
  if (endsCjk.test(before) && startsCjk.test(after)) return before + after;
  return `${before} ${after}`;
}

/** Without the spaces that recognition puts between Chinese characters. */
export function closeCjkGaps(text: string): string {
  return text.replace(betweenCjk, "");
}
