import { expect, type Page, test } from "@playwright/test";
import { available, openTool, signUp } from "./support";

/** The tool with an estimated price, on the sandbox's language model: UX.md's check 11. */

const run = (page: Page) => page.getByTestId("run-view");
const receipt = (page: Page) => page.getByTestId("receipt");

async function write(page: Page, text: string): Promise<void> {
  await openTool(page, "write");
  await page.getByRole("textbox", { name: "Text" }).fill(text);
  await expect(page.getByTestId("run")).toContainText(/up to \d+ credits/i);
  await page.getByTestId("run").click();
}

/** What the API tells of the run on the page. */
async function credits(page: Page): Promise<{ held: number; charged: number; returned: number }> {
  const id = /run_[0-9a-z]+/.exec(page.url())?.[0];
  const { held, charged, returned } = await (await page.request.get(`/api/v1/runs/${id}`)).json();
  return { held, charged, returned };
}

test("an estimated tool says up to how much; the receipt says held, charged and returned", async ({
  page,
}) => {
  await signUp(page);
  await write(page, "Hand-made rye bread");
  await expect(run(page)).toHaveAttribute("data-status", "succeeded", { timeout: 60_000 });
  const { held, charged, returned } = await credits(page);
  expect(charged).toBeGreaterThan(0);
  expect(charged + returned).toBe(held);
  await expect(receipt(page)).toContainText(`On hold ${held} credits`);
  await expect(receipt(page)).toContainText(`${charged} credit`);
  await expect(receipt(page)).toContainText(`Returned ${returned} credits`);
  expect(await available(page)).toBe(100 - charged);
});

test("a text cancelled while it is written is charged for what was delivered", async ({ page }) => {
  await signUp(page);
  await write(page, "sandbox:slow Hand-made rye bread");
  await expect(run(page)).toHaveAttribute("data-status", "running");
  await expect(run(page)).toContainText(/rye|bread/i);
  await page.getByTestId("cancel-run").click();
  await expect(run(page)).toHaveAttribute("data-status", "canceled");
  const { held, charged, returned } = await credits(page);
  expect(charged + returned).toBe(held);
  expect(returned).toBeGreaterThan(0);
  expect(await available(page)).toBe(100 - charged);
});

test("a model that breaks off fails the run, and nothing is charged", async ({ page }) => {
  await signUp(page);
  await write(page, "sandbox:broken Hand-made rye bread");
  await expect(run(page)).toHaveAttribute("data-status", "failed", { timeout: 60_000 });
  await expect(run(page)).toContainText("You weren’t charged");
  expect(await available(page)).toBe(100);
});
