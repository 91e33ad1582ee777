/** Words in both languages: the messages, which language a request wants, and the type of keys. */
export {
  defaultLocale,
  intlLocales,
  isLocale,
  type Locale,
  languageTags,
  localeCookie,
  localeHeader,
  locales,
  negotiateLocale,
} from "./locale";
export { type Messages, messages } from "./messages";
