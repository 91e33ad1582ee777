import { createHash } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { type Locale, languageTags, localeCookie, localeOfPage } from "#i18n/locale";
import { messages } from "#i18n/messages";

/** What a browser sees while the process starts or stops: a page that gives way to the asked one once it is there. */

export type Waiting = "starting" | "stopping";

/** Answers 503 with the page, in the reader's language. */
export function sendWaitingPage(
  request: IncomingMessage,
  response: ServerResponse,
  { siteName, waiting }: { siteName: string; waiting: Waiting },
): void {
  const locale = localeOf(request);
  response.writeHead(503, {
    "Content-Type": "text/html; charset=utf-8",
    "Cache-Control": "no-store",
    "Content-Security-Policy": policy,
    Vary: "Accept-Language, Cookie",
  });
  const name = siteName.replace(/[<&]/g, "");
  const text = messages[locale].shell.waiting[waiting].replace("{site}", name);
  response.end(
    `<!doctype html><html lang="${languageTags[locale]}"><meta charset="utf-8">` +
      `<meta name="viewport" content="width=device-width"><title>${name}</title><style>${style}</style>` +
      `<noscript><meta http-equiv="refresh" content="2"></noscript><p>${text}</p><script>${script}</script></html>`,
  );
}

function localeOf({ headers, url = "/" }: IncomingMessage): Locale {
  return localeOfPage({
    pathname: url.split("?", 1)[0] ?? "/",
    cookie: new RegExp(`(?:^|;)\\s*${localeCookie}=(\\w+)`).exec(headers.cookie ?? "")?.[1],
    acceptLanguage: headers["accept-language"],
  });
}

const style =
  ":root{color-scheme:light dark}body{margin:0;padding:16px;box-sizing:border-box;min-height:100dvh;" +
  "display:grid;place-content:center;text-align:center;font:16px/1.5 system-ui,sans-serif}";

/**
 * Asks first: a reload while nobody listens would end on the browser's own error page. An answer that leads
 * elsewhere is one too.
 */
const script =
  'setInterval(()=>fetch(location.href,{method:"HEAD",cache:"no-store",redirect:"manual"})' +
  ".then(({status})=>status===503||location.reload(),()=>{}),2000)";

const hash = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
const policy = `default-src 'none'; connect-src 'self'; style-src ${hash(style)}; script-src ${hash(script)}`;
