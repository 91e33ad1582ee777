import { execFile } from "node:child_process";
import { copyFileSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { expect, type Page, test } from "@playwright/test";
import { available, fixture, makeOwner, openTool, signUp, visit } from "./support";

/** The samples that pages show run as they stand, in what a machine brings along: a shell with curl, and Python. */

const run = promisify(execFile);
const folder = () => mkdtempSync(join(tmpdir(), "toolmint-samples-"));
const languages = [
  { language: "curl", program: "sh" },
  { language: "Python", program: "python3" },
];

/** Makes an API key as the page Keys does. @returns its secret */
async function aKey(page: Page, key: { kind: "own" | "service"; scopes: string[] }): Promise<string> {
  const origin = new URL(page.url()).origin;
  const answer = await page.request.post("/api/v1/keys", {
    headers: { origin, "idempotency-key": crypto.randomUUID() },
    data: { name: "samples", ...key },
  });
  expect(answer.status(), await answer.text()).toBe(201);
  return (await answer.json()).secret;
}

for (const { language, program } of languages) {
  test(`a tool's ${language} sample uploads the chosen file, runs and waits`, async ({ page }) => {
    await signUp(page);
    await openTool(page, "image-convert");
    await page.locator('input[type="file"]').setInputFiles(fixture("photo.png"));
    await page.getByRole("tab", { name: "API" }).click();
    await page.getByRole("button", { name: language }).click();
    const sample = page.getByRole("region", { name: language }).locator("pre");
    await expect(sample).toContainText("photo.png");
    const secret = await aKey(page, { kind: "own", scopes: ["tools.run", "runs.read"] });
    const cwd = folder();
    copyFileSync(fixture("photo.png"), join(cwd, basename("photo.png")));
    const text = ((await sample.textContent()) ?? "").replace("tm_test_…", secret);
    const before = await available(page);
    const { stdout } = await run(program, ["-c", text], { cwd });
    expect(stdout).toMatch(/"status": ?"succeeded"/);
    expect(await available(page)).toBeLessThan(before);
  });
}

test("the docs' samples run a tool and meter another, in a shell and in Python", async ({ page }) => {
  await makeOwner(await signUp(page));
  await visit(page, "/docs");
  const SITE = new URL(page.url()).origin;
  const me = await (await page.request.get("/api/v1/me")).json();
  const own = await aKey(page, { kind: "own", scopes: ["tools.run", "runs.read"] });
  const service = await aKey(page, { kind: "service", scopes: ["charges.write"] });
  for (const { language, program } of languages) {
    const sample = async (title: string) => {
      const section = page.getByRole("region", { name: title });
      await section.getByRole("button", { name: language }).click();
      return (await section.locator("pre").last().textContent()) ?? "";
    };
    const env = { ...process.env, SITE, ACCOUNT: me.account.id };
    const running = await sample("Run a tool");
    const ran = await run(program, ["-c", running], { cwd: folder(), env: { ...env, KEY: own } });
    expect(ran.stdout).toContain("Garden Street Bakery");
    const metering = await sample("Charge for your own tool");
    const metered = await run(program, ["-c", metering], { cwd: folder(), env: { ...env, KEY: service } });
    expect(metered.stdout).toMatch(/["']credits["']: ?9/);
  }
  // Both name the same job: what the second asks for was done by the first.
  const entries = await (await page.request.get("/api/v1/entries?kind=consumed&tool=upscaler")).json();
  expect(entries.data).toHaveLength(1);
});
