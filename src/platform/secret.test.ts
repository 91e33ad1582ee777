import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { keptSecret } from "./secret";

const folder = mkdtempSync(join(tmpdir(), "toolmint-secret-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("a kept secret is made once, long, and readable by its owner alone", () => {
  const file = join(folder, "data/secret");
  const first = keptSecret(file);
  expect(first.length).toBeGreaterThanOrEqual(32);
  expect(keptSecret(file)).toBe(first);
  expect(statSync(file).mode & 0o777).toBe(0o600);
});
