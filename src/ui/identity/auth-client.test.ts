import { expect, it } from "vitest";
import { ownPath } from "./auth-client";

it("goes on to paths of this site only", () => {
  expect(ownPath("/runs/run_1?tab=text#end")).toBe("/runs/run_1?tab=text#end");
  const elsewhere = [
    "//evil.example",
    "/\\evil.example",
    "/\t/evil.example",
    "/\n\\evil.example",
    "/.//evil.example",
  ];
  for (const next of [...elsewhere, "https://evil.example", "evil", "", null, undefined]) {
    expect(ownPath(next), String(next)).toBe("/dashboard");
  }
});
