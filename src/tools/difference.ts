/** What changes between two states of one tool. Pure; safe in a browser. */

type Leaf = string | number | boolean;
/** Null: it is not there. */
export type Difference = { path: string; before: Leaf | null; after: Leaf | null };

/** Value by value: `rates.images`, `texts.zh.name`, `fields.topic.maxLength`. */
export function differenceOf(before: object, after: object): Difference[] {
  const [old, now] = [flat(before), flat(after)];
  return [...new Set([...old.keys(), ...now.keys()])].flatMap((path) => {
    const [was, is] = [old.get(path) ?? null, now.get(path) ?? null];
    return was === is ? [] : [{ path, before: was, after: is }];
  });
}

function flat(value: object, prefix = ""): Map<string, Leaf> {
  const leaves = partsOf(value).flatMap(([name, part]): [string, Leaf][] => {
    const path = `${prefix}${name}`;
    if (Array.isArray(part)) return [[path, part.map(nameOf).join(", ")], ...flat(part, `${path}.`)];
    if (typeof part === "object" && part !== null) return [...flat(part, `${path}.`)];
    const isLeaf = typeof part === "string" || typeof part === "number" || typeof part === "boolean";
    return isLeaf ? [[path, part]] : [];
  });
  return new Map(leaves);
}

/** What has a name in its list is the same wherever it stands there. */
function partsOf(value: object): [string, unknown][] {
  if (!Array.isArray(value)) return Object.entries(value);
  return value.flatMap((part: unknown, at): [string, unknown][] =>
    typeof part === "object" ? [[nameOf(part, at), part]] : [],
  );
}

function nameOf(part: unknown, at: number): string {
  if (typeof part === "string") return part;
  if (typeof part !== "object" || part === null) return `${at + 1}`;
  if ("name" in part && typeof part.name === "string") return part.name;
  if ("value" in part && typeof part.value === "string") return part.value;
  return `${at + 1}`;
}
