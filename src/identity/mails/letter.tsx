import { Body } from "@react-email/body";
import { Button } from "@react-email/button";
import { Container } from "@react-email/container";
import { Head } from "@react-email/head";
import { Heading } from "@react-email/heading";
import { Hr } from "@react-email/hr";
import { Html } from "@react-email/html";
import { Link } from "@react-email/link";
import { Preview } from "@react-email/preview";
import { Section } from "@react-email/section";
import { Text } from "@react-email/text";
import type { ReactNode } from "react";

/** What every letter says, already in its reader's language. */
export type LetterWords = {
  /** For html lang. */
  languageTag: string;
  site: string;
  heading: string;
  body: string;
  /** The body with its marks, where it has any. */
  content?: ReactNode;
  action: string;
  link: string;
  orLink: string;
  note: string;
  footer: string;
  /** For mails that one may end: the words and the address of the link. */
  unsubscribe?: { label: string; link: string };
};

/**
 * One sheet of paper with one button. The colours are the site's tokens (src/ui/tokens.css) as sRGB,
 * which is what mail programs know; classes carry the dark ones, for those that ask for them.
 */
export function Letter(words: LetterWords) {
  return (
    <Html lang={words.languageTag}>
      <Head>
        <meta name="color-scheme" content="light dark" />
        <meta name="supported-color-schemes" content="light dark" />
        <style>{styles}</style>
      </Head>
      <Preview>{words.body}</Preview>
      <Body className="canvas" style={{ ...font, margin: 0, padding: "32px 12px", background: "#f8fbf9" }}>
        <Container style={{ maxWidth: 520, margin: "0 auto" }}>
          <Text className="text" style={{ ...brand, color: "#121d1a" }}>
            <span className="mint" style={{ color: "#0c7c5b" }}>
              ●
            </span>
            {"  "}
            {words.site}
          </Text>
          <Section className="card" style={card}>
            <Heading as="h1" className="text" style={{ ...heading, color: "#121d1a" }}>
              {words.heading}
            </Heading>
            {words.content ?? (
              <Text className="text-2" style={{ ...prose, color: "#4a5651" }}>
                {words.body}
              </Text>
            )}
            <Button href={words.link} className="primary" style={button}>
              {words.action}
            </Button>
            <Text className="text-3" style={{ ...small, color: "#66706c", margin: "24px 0 0" }}>
              {words.note}
            </Text>
            <Hr className="line" style={{ borderColor: "#dee5e1", margin: "24px 0 16px" }} />
            <Text className="text-3" style={{ ...small, color: "#66706c", margin: 0 }}>
              {words.orLink}
              <br />
              <Link href={words.link} className="text-2" style={{ color: "#4a5651", wordBreak: "break-all" }}>
                {words.link}
              </Link>
            </Text>
          </Section>
          <Text className="text-3" style={{ ...small, color: "#66706c", padding: "0 4px" }}>
            {words.footer}
            {words.unsubscribe && (
              <>
                {" "}
                <Link href={words.unsubscribe.link} className="text-2" style={{ color: "#4a5651" }}>
                  {words.unsubscribe.label}
                </Link>
              </>
            )}
          </Text>
        </Container>
      </Body>
    </Html>
  );
}

/** The same letter for those who read plain text. */
export function plainLetter(words: LetterWords): string {
  return [
    words.heading,
    words.body,
    `${words.action}:\n${words.link}`,
    words.note,
    `--\n${words.footer}\n`,
    ...(words.unsubscribe ? [`${words.unsubscribe.label}:\n${words.unsubscribe.link}\n`] : []),
  ].join("\n\n");
}

const font = {
  fontFamily:
    'system-ui, -apple-system, "Segoe UI", Roboto, "PingFang SC", "Hiragino Sans GB", "Microsoft YaHei UI", "Noto Sans CJK SC", sans-serif',
};
const brand = { fontSize: 15, lineHeight: "20px", fontWeight: 600, margin: "0 0 16px", padding: "0 4px" };
const card = { background: "#ffffff", border: "1px solid #dee5e1", borderRadius: 12, padding: 32 };
const heading = { fontSize: 24, lineHeight: "32px", fontWeight: 600, letterSpacing: "-0.01em", margin: 0 };
const prose = { fontSize: 16, lineHeight: "26px", margin: "12px 0 24px" };
const small = { fontSize: 13, lineHeight: "20px" };
const button = {
  background: "#0f241e",
  color: "#f8fbf9",
  borderRadius: 8,
  padding: "12px 20px",
  fontSize: 16,
  lineHeight: "20px",
  fontWeight: 600,
};

// react-email paints the canvas on a table cell inside the body as well.
const styles = `@media (max-width: 480px) {
  .card { padding: 24px 20px !important; }
}
@media (prefers-color-scheme: dark) {
  .canvas, .canvas > table > tbody > tr > td { background: #0b0f0e !important; }
  .card { background: #121815 !important; border-color: #222a27 !important; }
  .line { border-color: #222a27 !important; }
  .text { color: #edf1ef !important; }
  .text-2 { color: #a6afab !important; }
  .text-3 { color: #86908c !important; }
  .mint { color: #55d9aa !important; }
  .primary, .primary span { background: #eaf2ee !important; color: #0c1915 !important; }
}`;
