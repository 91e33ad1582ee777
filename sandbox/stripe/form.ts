/** Stripe's form encoding: `items[0][price]=price_1&metadata[run]=7&expand[]=customer`. */

export type FormValue = string | FormValue[] | { [name: string]: FormValue };
export type Form = { [name: string]: FormValue };

/** Reads a form or a query string; hashes with the keys 0, 1, … become arrays. */
export function parseForm(encoded: string): Form {
  const root = emptyForm();
  for (const [name, value] of new URLSearchParams(encoded)) {
    const [first, ...rest] = pathOf(name);
    if (first !== undefined) place(root, [first, ...rest], value);
  }
  return Object.fromEntries(Object.entries(root).map(([name, value]) => [name, withArrays(value)]));
}

function pathOf(name: string): string[] {
  const open = name.indexOf("[");
  if (open <= 0) return [name];
  return [
    name.slice(0, open),
    ...Array.from(name.slice(open).matchAll(/\[([^\]]*)\]/g), ([, key]) => key ?? ""),
  ];
}

function place(parent: Form, [name, ...rest]: string[], value: string): void {
  if (name === undefined) return;
  // `expand[]` appends.
  const key = name === "" ? String(Object.keys(parent).length) : name;
  if (rest.length === 0) {
    parent[key] = value;
    return;
  }
  let child = parent[key];
  if (typeof child !== "object" || Array.isArray(child)) {
    child = emptyForm();
    parent[key] = child;
  }
  place(child, rest, value);
}

function withArrays(value: FormValue): FormValue {
  if (typeof value === "string" || Array.isArray(value)) return value;
  const entries = Object.entries(value);
  if (entries.length > 0 && entries.every(([key], index) => key === String(index))) {
    return entries.map(([, item]) => withArrays(item));
  }
  return Object.fromEntries(entries.map(([key, item]) => [key, withArrays(item)]));
}

/** Without a prototype, so that a parameter named `__proto__` is one like any other. */
function emptyForm(): Form {
  return Object.create(null);
}
