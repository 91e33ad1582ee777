/**
 * Prompts with placeholders: `{{topic}}`. Values are put in once, so that what stands in them is never taken for
 * a placeholder; and tags that the prompt uses around them, such as `<text>`, cannot be closed from inside.
 */

const placeholder = /\{\{\s*([a-z][a-z0-9_]*)\s*\}\}/g;
const tag = /<\/?([a-z][a-z0-9_-]*)\s*>/gi;
/**
 * What a reader may take for a tag's beginning: also with blanks or invisible characters in it, or not closed. Slashes
 * stand among the blanks: with two stars around one, a long row of blanks would be parted in every way.
 */
const opening = /<(?=[\s\p{Cf}/]*([a-z][a-z0-9_-]*))/giu;
/** What another value may go on with. */
const begun = /<(?=[\s\p{Cf}/]*([a-z0-9_-]*)$)/iu;

/** The names of a template's placeholders, each once. */
export function placeholders(template: string): string[] {
  return [...new Set([...template.matchAll(placeholder)].map(([, name = ""]) => name))];
}

/** The template with another name in the placeholders of one. */
export function placeholdersRenamed(template: string, before: string, after: string): string {
  return template.replace(placeholder, (found, name: string) => (name === before ? `{{${after}}}` : found));
}

/** How often it names a placeholder. */
export function countOf(template: string, name: string): number {
  return [...template.matchAll(placeholder)].filter(([, named]) => named === name).length;
}

/** Control characters that no text needs, and invisible ones inside words; line ends and tabs stay. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
const control = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\u00ad\u200b\u2060\ufeff]/g;

/** The template with values in the place of its placeholders; one without a value is left out. */
export function fill(template: string, values: Readonly<Record<string, string>>): string {
  const own = new Set([...template.matchAll(tag)].map(([, name = ""]) => name.toLowerCase()));
  const mayBegin = (part: string) => [...own].some((name) => name.startsWith(part.toLowerCase()));
  const harmless = (text: string) =>
    text
      .replace(control, "")
      .replace(opening, (found, name: string) => (own.has(name.toLowerCase()) ? "&lt;" : found))
      .replace(begun, (found, part: string) => (mayBegin(part) ? "&lt;" : found));
  return template.replace(placeholder, (_, name: string) => harmless(values[name] ?? ""));
}
