import type { KeyJson } from "#api/contract";

/** What most keys are for, so that nobody has to think in scopes. */

export type KeyKind = KeyJson["kind"];
export type Scope = KeyJson["scopes"][number];

export const kinds = ["own", "service"] as const satisfies readonly KeyKind[];

/** The order in which a sentence and the form name them. */
export const scopesOf: Readonly<Record<KeyKind, readonly Scope[]>> = {
  own: ["tools.run", "runs.read", "credits.read"],
  service: ["charges.write", "accounts.write", "tools.run", "runs.read", "credits.read"],
};

export const presetNames = ["run", "read", "meter", "all"] as const;
export type PresetName = (typeof presetNames)[number];

const presets: Readonly<Record<KeyKind, readonly { name: PresetName; scopes: readonly Scope[] }[]>> = {
  own: [
    { name: "run", scopes: scopesOf.own },
    { name: "read", scopes: ["runs.read", "credits.read"] },
  ],
  service: [
    { name: "meter", scopes: ["charges.write", "accounts.write", "credits.read"] },
    { name: "read", scopes: ["runs.read", "credits.read"] },
    { name: "all", scopes: scopesOf.service },
  ],
};

export function presetsOf(kind: KeyKind) {
  return presets[kind];
}

/** The preset with exactly these scopes; null for a choice of one's own. */
export function presetOf(kind: KeyKind, scopes: readonly Scope[]): PresetName | null {
  const same = (other: readonly Scope[]) =>
    other.length === scopes.length && other.every((scope) => scopes.includes(scope));
  return presets[kind].find((preset) => same(preset.scopes))?.name ?? null;
}

/** The scopes in the order of `scopesOf`. */
export function inOrder(kind: KeyKind, scopes: readonly Scope[]): Scope[] {
  return scopesOf[kind].filter((scope) => scopes.includes(scope));
}
