import { chmodSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BrowserContext, expect, type Page, test } from "@playwright/test";
import { type SiteProcess, spawnSite } from "../test/spawn";
import { available, makeOwner, openTool, overflow, serious, signUp, visit, watch } from "./support";

/**
 * Tools that an owner makes from nothing, prices and publishes; customers run them, one fails, one is cancelled
 * midway, and credits are exact. On a site of its own, for tools are everybody's.
 */

test.describe.configure({ mode: "serial" });
test.setTimeout(240_000);

const members: BrowserContext[] = [];
let folder = "";
let site: SiteProcess;
let owner: Page;
let customer: Page;

test.beforeAll(async ({ browser }) => {
  folder = mkdtempSync(join(tmpdir(), "toolmint-made-"));
  // PostgreSQL's own user must get in.
  chmodSync(folder, 0o755);
  const model = `http://127.0.0.1:${Number(process.env.E2E_PORT ?? 4280) + 1000}/v1`;
  site = await spawnSite({ ROLE: "all", DATA_DIR: folder, AI_BASE_URL: model, AI_MODEL: "sandbox" });
  await site.ready();
  const open = async () => {
    const context = await browser.newContext({ baseURL: site.url });
    members.push(context);
    return context.newPage();
  };
  [owner, customer] = [await open(), await open()];
  await makeOwner(await signUp(owner), folder);
  await signUp(customer);
});

test.afterAll(async () => {
  for (const context of members) await context.close();
  site.signal("SIGINT");
  await site.ended;
  rmSync(folder, { recursive: true, force: true });
});

const run = () => customer.getByTestId("run-view");

async function fillBoth(
  label: string,
  en: string,
  zh: string,
  within: Page | ReturnType<Page["getByRole"]> = owner,
) {
  await within.getByLabel(`${label} · English`).fill(en);
  await within.getByLabel(`${label} · 简体中文`).fill(zh);
}

async function start(text: string): Promise<void> {
  await openTool(customer, "slogans");
  await customer.getByRole("textbox", { name: "Product" }).fill(text);
  await customer.getByTestId("run").click();
}

/** What the API tells of the run on the page. */
async function told(): Promise<{ status: string; held: number; charged: number; returned: number }> {
  const id = /run_[0-9a-z]+/.exec(customer.url())?.[0];
  return (await customer.request.get(`/api/v1/runs/${id}`)).json();
}

test("a prompt tool is made, tried, priced and published", async () => {
  const wrong = watch(owner, site.url);
  await visit(owner, "/admin/tools");
  await owner.getByRole("link", { name: "New tool" }).click();
  await owner.getByLabel("Name in addresses").fill("slogans");
  const words = owner.getByRole("region", { name: "Words" });
  await fillBoth("Name", "Slogans", "广告语", words);
  await fillBoth("One line", "Lines that sell.", "简短有力的广告语。", words);
  await fillBoth("Description", "Describe a product.", "描述产品。", words);
  const form = owner.getByRole("region", { name: "Form" });
  await form.getByLabel("Name in prompts").fill("product");
  await fillBoth("Label", "Product", "产品", form);
  const prompt = owner.getByRole("region", { name: "Prompt" });
  await prompt.getByLabel("System prompt").fill("You write slogans.");

  // The field's new name stands in the prompt. What does not fit is told where it stands.
  const written = prompt.getByRole("textbox", { name: "Prompt", exact: true });
  await expect(written).toHaveValue("{{product}}");
  await written.fill("<product>{{text}}</product>");
  await owner.getByRole("button", { name: "Save draft" }).click();
  await expect(prompt.getByText("No field is called text.")).toBeVisible();
  await written.fill("<product>{{product}}</product>");
  await prompt.getByLabel("Customers may continue").click();
  const price = owner.getByRole("region", { name: "Price, in whole credits" });
  await price.getByLabel("1,000 tokens written").fill("10");
  await price.getByLabel("At least, a run").fill("2");
  await expect(owner.getByRole("region", { name: "What customers see" }).getByText("Product")).toBeVisible();
  await owner.getByRole("button", { name: "Save draft" }).click();
  await expect(owner).toHaveURL(/\/admin\/tools\/slogans$/);

  await visit(owner, "/tools/slogans?trial=1");
  await expect(owner.getByTestId("trial")).toBeVisible();
  await owner.getByRole("textbox", { name: "Product" }).fill("Rye bread");
  await owner.getByTestId("run").click();
  await expect(owner.getByTestId("run-view")).toHaveAttribute("data-status", "succeeded", {
    timeout: 60_000,
  });
  expect(await available(owner)).toBe(100);
  expect((await customer.request.get("/api/v1/tools/slogans")).status()).toBe(404);

  await visit(owner, "/admin/tools/slogans");
  await owner.getByRole("button", { name: "Publish…" }).click();
  await owner.getByRole("dialog").getByLabel("Reason").fill("the first of our own");
  await owner.getByRole("dialog").getByRole("button", { name: "Publish" }).click();
  await expect(owner.getByText("Revision 1", { exact: true }).first()).toBeVisible();
  expect(wrong).toEqual([]);
});

test("a customer runs it, goes on with the result, and every credit is accounted for", async () => {
  await start("Rye bread");
  await expect(run()).toHaveAttribute("data-status", "succeeded", { timeout: 60_000 });
  await expect(run()).toContainText("You write slogans.");
  const first = await told();
  expect(first.charged).toBeGreaterThanOrEqual(2);
  expect(first.charged + first.returned).toBe(first.held);
  expect(await available(customer)).toBe(100 - first.charged);

  await customer.getByLabel("Continue").fill("Shorter, please.");
  await expect(customer.getByTestId("continue")).toContainText(/\d+ credits/);
  await customer.getByTestId("continue").click();
  await expect(run().getByText("1 step before this")).toBeVisible();
  await expect(run()).toHaveAttribute("data-status", "succeeded", { timeout: 60_000 });
  const second = await told();
  expect(second.charged + second.returned).toBe(second.held);
  expect(await available(customer)).toBe(100 - first.charged - second.charged);
});

test("one fails and costs nothing, one is cancelled midway and costs what was written", async () => {
  const before = await available(customer);
  await start("Rye bread sandbox:broken");
  await expect(run()).toHaveAttribute("data-status", "failed", { timeout: 60_000 });
  await expect(run()).toContainText("You weren’t charged");
  expect(await available(customer)).toBe(before);

  await start("Rye bread sandbox:slow");
  await expect(run()).toHaveAttribute("data-status", "running", { timeout: 60_000 });
  await expect(run()).toContainText("Sandbox", { timeout: 60_000 });
  await customer.getByTestId("cancel-run").click();
  await expect(run()).toHaveAttribute("data-status", "canceled", { timeout: 60_000 });
  const { held, charged, returned } = await told();
  expect(charged + returned).toBe(held);
  expect(charged).toBeGreaterThan(0);
  expect(await available(customer)).toBe(before - charged);
});

test("it is exported, imported under another name, and an old revision comes back", async () => {
  await visit(owner, "/admin/tools/slogans");
  const download = owner.waitForEvent("download");
  await owner.getByRole("button", { name: "Export" }).click();
  const path = await (await download).path();
  const file = JSON.parse(readFileSync(path, "utf8"));
  expect(file).toMatchObject({ slug: "slogans", definition: { work: { kind: "prompt" } } });
  await visit(owner, "/admin/tools");
  await owner.getByLabel("Import").setInputFiles({
    ...{ name: "slogans.json", mimeType: "application/json" },
    buffer: Buffer.from(JSON.stringify({ ...file, slug: "mottos" })),
  });
  await expect(owner).toHaveURL(/\/admin\/tools\/mottos$/);
  await expect(owner.getByText("Customers do not have it yet")).toBeVisible();

  await visit(owner, "/admin/tools/slogans");
  await owner
    .getByRole("region", { name: "Price, in whole credits" })
    .getByLabel("At least, a run")
    .fill("7");
  await owner.getByRole("button", { name: "Publish…" }).click();
  const dialog = owner.getByRole("dialog");
  await expect(dialog.getByTestId("difference")).toContainText("2 → 7");
  await dialog.getByLabel("Reason").fill("dearer");
  await dialog.getByRole("button", { name: "Publish" }).click();
  await owner.getByRole("button", { name: "Restore revision 1" }).click();
  await dialog.getByLabel("Reason").fill("too dear");
  await dialog.getByRole("button", { name: "Restore" }).click();
  await expect(dialog).toHaveCount(0);
  await expect(
    owner.getByRole("region", { name: "Price, in whole credits" }).getByLabel("At least, a run"),
  ).toHaveValue("2");
});

test("its pages are within reach of everybody, and fit a phone", async () => {
  for (const path of ["/admin/tools/new", "/admin/tools/slogans"]) {
    await owner.setViewportSize({ width: 1280, height: 800 });
    await visit(owner, path);
    // The first look at the definition may still change the buttons.
    await owner.waitForLoadState("networkidle");
    expect(await serious(owner), path).toEqual([]);
    await owner.setViewportSize({ width: 390, height: 844 });
    expect(await overflow(owner), path).toBeLessThanOrEqual(0);
  }
});
