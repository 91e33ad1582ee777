import { render } from "@react-email/render";
import { createTranslator } from "next-intl";
import { createElement } from "react";
import { intlLocales, type Locale, languageTags, messages } from "#i18n";
import { config } from "#platform/config";
import type { Mail } from "#platform/mail";
import { Letter, type LetterWords, plainLetter } from "./letter";

/**
 * The letters identity writes. None but the welcome goes to an address nobody has confirmed with words a
 * stranger chose in it (such as a name): sign-up must not be a way to send people somebody else's text.
 */

type Kind =
  | "verify"
  | "alreadyRegistered"
  | "reset"
  | "passwordChanged"
  | "welcome"
  | "welcomeLater"
  | "staffCode";
type Reader = { email: string; locale: Locale; timeZone: string };
type Values = Record<string, string | number>;

/** Asks to confirm the address. */
export function confirmMail(reader: Reader, link: string, hours: number): Promise<Mail> {
  const credits = config().WELCOME_CREDITS;
  return write("verify", reader, link, { credits, hours }, { secret: true });
}

/** Tells that somebody signed up with an address that has an account, with a link to set a password. */
export function alreadyRegisteredMail(reader: Reader, link: string, minutes: number): Promise<Mail> {
  return write("alreadyRegistered", reader, link, { minutes }, { secret: true });
}

/** A link to set a new password. */
export function resetMail(reader: Reader, link: string, minutes: number): Promise<Mail> {
  return write("reset", reader, link, { minutes }, { secret: true });
}

/** Tells that the password was changed, in case it was not its owner. */
export function passwordChangedMail(reader: Reader, at: Date): Promise<Mail> {
  const time = new Intl.DateTimeFormat(intlLocales[reader.locale], {
    dateStyle: "long",
    timeStyle: "long",
    timeZone: reader.timeZone,
  }).format(at);
  return write("passwordChanged", reader, `${config().baseUrl}/forgot`, { time });
}

/** The code that opens the back office to staff. */
export function staffCodeMail(reader: Reader, code: string, minutes: number): Promise<Mail> {
  const link = `${config().baseUrl}/staff-code`;
  return write("staffCode", reader, link, { code, minutes }, { secret: true });
}

/** Tells that the welcome credits are there; sent once per `key`. */
export function welcomeMail(reader: Reader, key: string): Promise<Mail> {
  const { WELCOME_CREDITS: credits, OPERATOR_MAIL: operator } = config();
  return write("welcome", reader, `${config().baseUrl}/tools`, { credits, operator }, { key });
}

/** Tells that the welcome credits come after a look; sent once per `key`. */
export function welcomeLaterMail(reader: Reader, key: string): Promise<Mail> {
  const { OPERATOR_MAIL: operator } = config();
  return write("welcomeLater", reader, `${config().baseUrl}/dashboard`, { operator }, { key });
}

async function write(
  kind: Kind,
  { email, locale }: Reader,
  link: string,
  values: Values,
  options: { key?: string; secret?: boolean } = {},
): Promise<Mail> {
  const t = createTranslator({ locale, messages: messages[locale], namespace: "mails" });
  const site = config().SITE_NAME;
  const all = { site, ...values };
  const words: LetterWords = {
    languageTag: languageTags[locale],
    site,
    heading: t(`${kind}.heading`, all),
    body: t(`${kind}.body`, all),
    action: t(`${kind}.action`, all),
    link,
    orLink: t("orLink"),
    note: t(`${kind}.note`, all),
    footer: t("footer", all),
  };
  return {
    to: email,
    kind,
    locale,
    subject: t(`${kind}.subject`, all),
    html: await render(createElement(Letter, words)),
    text: plainLetter(words),
    ...options,
  };
}
