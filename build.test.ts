import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { buildKey } from "#platform/build";
import { runScript, startScript } from "./test/process";

/** A site of a single page, so that a build takes seconds. */
function aSite(): string {
  const root = mkdtempSync(join(tmpdir(), "toolmint-build-"));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  symlinkSync(join(process.cwd(), "node_modules"), join(root, "node_modules"));
  mkdirSync(join(root, "src/app"), { recursive: true });
  const files = {
    "package.json": `{ "type": "module" }`,
    "tsconfig.json": `{ "compilerOptions": { "jsx": "preserve" } }`,
    "next.config.ts": `export default {
      distDir: process.env.TOOLMINT_BUILD_DIR,
      typescript: { ignoreBuildErrors: true, tsconfigPath: process.env.TOOLMINT_TSCONFIG },
      turbopack: { root: "/" },
    };`,
    "src/app/layout.tsx": `export default function Layout({ children }) {
      return <html><body>{children}</body></html>;
    }`,
    "src/app/page.tsx": "export default function Page() { return <p>one</p>; }",
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(root, name), text);
  return root;
}

const build = (root: string) => [
  "--eval",
  `import("#platform/build").then(({ ensureBuild }) => ensureBuild(${JSON.stringify(root)})).then(
    (folder) => console.log("in " + folder))`,
];
const builds = (root: string) => readdirSync(join(root, ".next")).filter((name) => name !== "tsconfig.json");

test("a build killed midway is never used, an unchanged one never repeated", {
  timeout: 240_000,
}, async () => {
  const root = aSite();
  const killed = startScript(build(root), {});
  await vi.waitFor(() => expect(killed.said()).toContain("Creating an optimized"), { timeout: 90_000 });
  killed.signal("SIGKILL");
  await killed.ended;
  const [draft] = builds(root);
  expect(builds(root)).toEqual([expect.stringMatching(/^building-\d+$/)]);

  const second = await runScript(build(root), {});
  expect(second.said).toContain("Built the pages");
  const [folder = ""] = builds(root);
  expect(builds(root)).toEqual([expect.stringMatching(/^[0-9a-f]{16}$/)]);
  expect(builds(root)).not.toContain(draft);
  expect(existsSync(join(root, ".next", folder, "BUILD_ID"))).toBe(true);

  expect((await runScript(build(root), {})).said).toBe(`in .next/${folder}\n`);
});

test("whatever goes into the pages changes a build's name, and nothing else does", () => {
  const root = aSite();
  const before = buildKey(root);
  writeFileSync(join(root, "README.md"), "two");
  writeFileSync(join(root, "src/app/page.test.tsx"), "two");
  expect(buildKey(root)).toBe(before);
  writeFileSync(join(root, "src/app/page.tsx"), "export default function Page() { return <p>two</p>; }");
  expect(buildKey(root)).not.toBe(before);
});
