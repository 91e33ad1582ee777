import { expect, test } from "@playwright/test";
import { makeOwner, overflow, serious, signUp } from "./support";

/** The public status page, and what staff say on it. */

test("the status page stands without scripts, in both languages", async ({ browser }) => {
  const context = await browser.newContext({
    javaScriptEnabled: false,
    viewport: { width: 390, height: 844 },
  });
  const page = await context.newPage();
  await page.goto("/status");
  await expect(page.getByTestId("status-sentence")).toBeVisible();
  await expect(page.getByRole("img", { name: /^API, the last 90 days/ })).toBeVisible();
  await expect(page.getByText(/UTC/).first()).toBeVisible();
  await page.goto("/zh/status");
  await expect(page.getByRole("heading", { level: 1, name: "服务状态" })).toBeVisible();
  await context.close();
});

test("an owner opens an incident, and everybody reads it", async ({ page, browser }) => {
  await makeOwner(await signUp(page));
  await page.goto("/admin/status");
  await page.getByRole("button", { name: "Open an incident" }).click();
  await page.getByLabel("Title in English").fill("Mails are late");
  await page.getByLabel("Title in Chinese").fill("邮件延迟");
  await page.getByLabel("What you say in English").fill("We are looking into it.");
  await page.getByLabel("What you say in Chinese").fill("正在调查。");
  expect(await serious(page)).toEqual([]);
  await page.getByRole("button", { name: "Publish" }).click();
  await expect(page.getByText("Mails are late")).toBeVisible();
  const visitor = await browser.newPage();
  await visitor.goto("/status");
  await expect(visitor.getByRole("heading", { name: "Mails are late" })).toBeVisible();
  expect(await overflow(visitor)).toBeLessThanOrEqual(0);
  await visitor.close();
});
