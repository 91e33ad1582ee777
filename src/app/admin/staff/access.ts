import type { Right, Role } from "#identity";

/** What each role may do, from identity's one table. */
export type Access = Readonly<Record<string, readonly Right[]>>;

/** Roles that staff have, the widest first; `user` is none. */
export const staffRoles = ["owner", "admin", "support", "analyst"] as const satisfies readonly Role[];

/** What a change of role gives and takes. */
export function difference(access: Access, from: Role, to: Role): { gained: Right[]; lost: Right[] } {
  const before = access[from] ?? [];
  const after = access[to] ?? [];
  return {
    gained: after.filter((right) => !before.includes(right)),
    lost: before.filter((right) => !after.includes(right)),
  };
}
