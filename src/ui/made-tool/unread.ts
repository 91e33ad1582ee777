/** The paths at which NaN stands: figures of a form that could not be read, which JSON would make null. Pure. */
export function unread(value: unknown, path = ""): string[] {
  if (Number.isNaN(value)) return [path];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, part]) =>
    unread(part, path === "" ? name : `${path}.${name}`),
  );
}
