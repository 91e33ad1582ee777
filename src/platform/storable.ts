/** What PostgreSQL cannot keep as it came: NUL, and half a character. */
const unstorable = /[\0\p{Surrogate}]/u;
const allUnstorable = new RegExp(unstorable, "gu");

export function isStorable(text: string): boolean {
  return !unstorable.test(text);
}

/** The text's beginning, without what cannot be kept; a cut may leave half a character. */
export function storable(text: string, most: number): string {
  return text.slice(0, most).replaceAll(allUnstorable, "");
}
