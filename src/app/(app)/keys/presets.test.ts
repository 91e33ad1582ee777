import { expect, test } from "vitest";
import { scopes, serviceScopes } from "#identity";
import { inOrder, kinds, presetOf, presetsOf, scopesOf } from "./presets";

test("a preset holds only what its kind of key may be allowed, and is known again in any order", () => {
  for (const kind of kinds) {
    const allowed = scopes.filter((scope) => kind === "service" || !serviceScopes.includes(scope));
    expect([...scopesOf[kind]].sort()).toEqual([...allowed].sort());
    for (const { name, scopes } of presetsOf(kind)) {
      expect(allowed).toEqual(expect.arrayContaining([...scopes]));
      expect(presetOf(kind, [...scopes].reverse())).toBe(name);
    }
  }
});

test("a choice of one's own is no preset, and is named in one order", () => {
  expect(presetOf("own", ["tools.run"])).toBeNull();
  expect(presetOf("own", [])).toBeNull();
  expect(inOrder("service", ["credits.read", "charges.write"])).toEqual(["charges.write", "credits.read"]);
});
