/** What a domain's answer becomes in the API's JSON: credits are numbers, times ISO text. */
export type Plain<T> = T extends bigint
  ? number
  : T extends Date
    ? string
    : T extends readonly (infer Item)[]
      ? Plain<Item>[]
      : T extends object
        ? { [Key in keyof T]: Plain<T[Key]> }
        : T;

/** Turns what a page has read into the shape in which the browser later fetches the same. */
export function plain<T>(value: T): Plain<T> {
  return JSON.parse(
    JSON.stringify(value, (_key, inner) => (typeof inner === "bigint" ? Number(inner) : inner)),
  );
}
