import { render } from "@react-email/render";
import { createTranslator } from "next-intl";
import { createElement, type ReactNode } from "react";
import { type Locale, languageTags, messages } from "#i18n";
import { Letter, plainLetter } from "#identity";
import { config } from "#platform/config";
import type { Mail } from "#platform/mail";
import type { announcements } from "#schema";
import { type Inline, parseMarkdown, plainText } from "./markdown";

/** An announcement as a letter: written once in each language, then addressed to everybody. */

type Announcement = typeof announcements.$inferSelect;
type Reader = { email: string; unsubscribe: string };

/** Stands in the letter where each reader's own link will; no text has it by chance. */
const placeholder = "https://unsubscribe.invalid/0b7f1c";

/** @returns what addresses the letter to a reader */
export async function writeLetter(
  { titleEn, titleZh, textEn, textZh }: Announcement,
  locale: Locale,
): Promise<(reader: Reader, key: string) => Mail> {
  const t = createTranslator({ locale, messages: messages[locale], namespace: "mails" });
  const { SITE_NAME: site, baseUrl } = config();
  const [title, text] = locale === "zh" ? [titleZh, textZh] : [titleEn, textEn];
  const words = {
    ...{ languageTag: languageTags[locale], site, heading: title, body: plainText(text, baseUrl) },
    content: contentOf(text, baseUrl),
    action: t("news.action", { site }),
    link: `${baseUrl}/dashboard`,
    orLink: t("orLink"),
    note: t("news.note", { site }),
    footer: t("news.footer", { site }),
    unsubscribe: { label: t("unsubscribe"), link: placeholder },
  };
  const html = await render(createElement(Letter, words));
  const plain = plainLetter(words);
  return ({ email, unsubscribe }, key) => ({
    ...{ to: email, kind: "news", locale, subject: title, key, unsubscribe, bulk: true },
    // The link's letters, digits, dots and dashes need no escape but that of its "&": it has none.
    html: html.replaceAll(placeholder, unsubscribe),
    text: plain.replaceAll(placeholder, unsubscribe),
  });
}

const prose = { fontSize: 16, lineHeight: "26px", margin: "12px 0", color: "#4a5651" };

function contentOf(text: string, baseUrl: string): ReactNode {
  const lineOf = (line: readonly Inline[]) => line.map((part, place) => inlineOf(part, place, baseUrl));
  return createElement(
    "div",
    { style: { marginBottom: 24 } },
    parseMarkdown(text).map((block, place) =>
      block.kind === "list"
        ? createElement(
            "ul",
            { key: place, className: "text-2", style: { ...prose, paddingLeft: 20 } },
            block.items.map((item, nth) => createElement("li", { key: nth }, lineOf(item))),
          )
        : createElement(
            "p",
            { key: place, className: "text-2", style: prose },
            block.lines.flatMap((line, nth) => [
              ...(nth > 0 ? [createElement("br", { key: `br${nth}` })] : []),
              createElement("span", { key: nth }, lineOf(line)),
            ]),
          ),
    ),
  );
}

function inlineOf({ text, bold, italic, href }: Inline, key: number, baseUrl: string): ReactNode {
  if (href) {
    const address = href.startsWith("/") ? `${baseUrl}${href}` : href;
    return createElement("a", { key, href: address, className: "text", style: { color: "#121d1a" } }, text);
  }
  if (bold) return createElement("strong", { key, className: "text", style: { color: "#121d1a" } }, text);
  if (italic) return createElement("em", { key }, text);
  return text;
}
