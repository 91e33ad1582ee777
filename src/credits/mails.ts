import { render } from "@react-email/render";
import { createTranslator } from "next-intl";
import { createElement } from "react";
import { intlLocales, type Locale, languageTags, messages } from "#i18n";
import { Letter, plainLetter } from "#identity";
import { config } from "#platform/config";
import type { Id } from "#platform/id";
import type { Mail } from "#platform/mail";
import { type Choosable, unsubscribeLink } from "./unsubscribe";

/** The notices about credits, each with a link that ends its kind. */

type Reader = { id: Id<"user">; email: string; locale: Locale; timeZone: string };
type Values = Record<string, string | number>;

/** Tells that credits expire soon: the first of them at `at`. */
export function expiringMail(
  reader: Reader,
  { credits, at, key }: { credits: bigint; at: Date; key: string },
): Promise<Mail> {
  const day = { dateStyle: "long", timeZone: reader.timeZone } as const;
  const date = new Intl.DateTimeFormat(intlLocales[reader.locale], day).format(at);
  return write("expiring", reader, {
    path: "/credits?tab=lots",
    values: { credits: Number(credits), date },
    key,
  });
}

/** Tells that few credits are left. */
export function lowBalanceMail(
  reader: Reader,
  { credits, key }: { credits: bigint; key: string },
): Promise<Mail> {
  return write("lowBalance", reader, { path: "/pricing", values: { credits: Number(credits) }, key });
}

async function write(
  kind: Exclude<Choosable, "news">,
  { id, email, locale }: Reader,
  { path, values, key }: { path: string; values: Values; key: string },
): Promise<Mail> {
  const t = createTranslator({ locale, messages: messages[locale], namespace: "mails" });
  const site = config().SITE_NAME;
  const all = { site, ...values };
  const unsubscribe = unsubscribeLink(id, kind);
  const words = {
    languageTag: languageTags[locale],
    site,
    heading: t(`${kind}.heading`, all),
    body: t(`${kind}.body`, all),
    action: t(`${kind}.action`, all),
    link: `${config().baseUrl}${path}`,
    orLink: t("orLink"),
    note: t(`${kind}.note`, all),
    footer: t("footer", all),
    unsubscribe: { label: t("unsubscribe"), link: unsubscribe },
  };
  return {
    to: email,
    kind,
    locale,
    subject: t(`${kind}.subject`, all),
    html: await render(createElement(Letter, words)),
    text: plainLetter(words),
    key,
    unsubscribe,
  };
}
