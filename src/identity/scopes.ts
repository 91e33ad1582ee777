/** What an API key may be allowed. Every route that takes keys names the scope it needs. */
export const scopes = ["tools.run", "runs.read", "credits.read", "charges.write", "accounts.write"] as const;
export type Scope = (typeof scopes)[number];

/** Acts on customers' accounts that only the operator may do: for service keys alone. */
export const serviceScopes: readonly Scope[] = ["charges.write", "accounts.write"];

export function isScope(name: string): name is Scope {
  return scopes.some((scope) => scope === name);
}
