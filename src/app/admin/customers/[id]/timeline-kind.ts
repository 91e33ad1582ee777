import type { HappeningKind } from "#insight";

/** What the timeline can be narrowed to, as it stands in the address. */
export const kinds: readonly HappeningKind[] = ["money", "credits", "runs", "mails", "signIns", "acts"];

export function kindOf(name: unknown): HappeningKind | undefined {
  return kinds.find((kind) => kind === name);
}
