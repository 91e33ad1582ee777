import type { Upload } from "#ui/files/upload";
import type { FormValues } from "#ui/tool-form/form-values";

/** What was entered, kept in the tab: a detour (confirming the mail, looking at prices) loses nothing. */

export type Draft = {
  values: FormValues;
  uploads: readonly Upload[];
  /** Whose uploads they are: what a visitor has sent is not the account's. */
  visitor: boolean;
};

/** Files that a visitor has chosen, by tool: signing in draws the page anew, and they are sent then. */
const chosenFiles = new Map<string, readonly File[]>();

export function keepFiles(slug: string, files: readonly File[]): void {
  chosenFiles.set(slug, files);
}

/** Gives them back, once. */
export function takeFiles(slug: string): readonly File[] {
  const files = chosenFiles.get(slug) ?? [];
  chosenFiles.delete(slug);
  return files;
}

const keyOf = (slug: string) => `toolmint.draft.${slug}`;

export function readDraft(slug: string): Draft | null {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(keyOf(slug)) ?? "null");
    return isDraft(kept) ? kept : null;
  } catch {
    return null;
  }
}

export function keepDraft(slug: string, draft: Draft | null): void {
  try {
    if (draft) sessionStorage.setItem(keyOf(slug), JSON.stringify(draft));
    else sessionStorage.removeItem(keyOf(slug));
  } catch {
    // Storage may be full or forbidden; then a detour costs the input.
  }
}

function isDraft(value: unknown): value is Draft {
  return (
    typeof value === "object" &&
    value !== null &&
    "values" in value &&
    typeof value.values === "object" &&
    "uploads" in value &&
    Array.isArray(value.uploads)
  );
}
