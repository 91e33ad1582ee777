import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";
import { expect, type Page, test } from "@playwright/test";
import { makeOwner, signUp, visit, watch } from "./support";

/** Analytics in a browser: figures with their definitions, and a range that lives in the address. */

let page: Page;

test.beforeAll(async ({ browser }) => {
  page = await (await browser.newContext()).newPage();
  await makeOwner(await signUp(page));
  // As the job does every five minutes.
  const env = { ...process.env, DATA_DIR: process.env.E2E_DATA_DIR ?? ".data/e2e" };
  await promisify(execFile)("npm", ["run", "ops", "--", "analytics", "rebuild"], { env });
});

test.afterAll(async () => {
  await page.context().close();
});

test("whoever may reads each figure with its definition and formula, as picture, table and CSV", async ({
  baseURL,
}) => {
  const wrong = watch(page, baseURL);
  await visit(page, "/admin/analytics");
  const signups = page.getByRole("region", { name: "Sign-ups" }).first();
  await expect(signups).toContainText("New users by the day they signed up");
  await expect(signups).toContainText("Number of users created in the period.");
  await expect(signups.getByTestId("metric-signups")).toHaveText(/^[1-9]/);
  await signups.getByRole("button", { name: "Table" }).click();
  await expect(signups.getByRole("table")).toContainText(/direct|Unknown/i);
  const download = page.waitForEvent("download");
  await signups.getByRole("button", { name: "Download CSV" }).click();
  expect(readFileSync(await (await download).path(), "utf8")).toMatch(/^Period,.*\r\n\d{4}-\d\d-\d\d,/);
  await page.getByRole("link", { name: "Money" }).click();
  await expect(page.getByRole("region", { name: "MRR movements" }).first()).toContainText(
    "They add up exactly",
  );
  expect(wrong).toEqual([]);
});

test("range, granularity, comparison and filter survive a reload, another tab and Back", async () => {
  await visit(page, "/admin/analytics/money");
  const dates = page.getByRole("group", { name: "Dates" });
  await dates.getByRole("button", { name: "12 months" }).click();
  await page.getByLabel("Plan", { exact: true }).selectOption("Pro");
  await page.getByRole("button", { name: "Compare with before" }).click();
  await page.getByRole("group", { name: "Granularity" }).getByRole("button", { name: "Week" }).click();
  for (const part of [/range=12m/, /plan=pro/, /compare=true/, /grain=week/])
    await expect(page).toHaveURL(part);
  await page.reload();
  await expect(dates.getByRole("button", { name: "12 months" })).toHaveAttribute("aria-pressed", "true");
  await expect(page.getByLabel("Plan", { exact: true })).toHaveValue("pro");
  await page.getByRole("link", { name: "Users" }).click();
  await expect(page).toHaveURL(/\/admin\/analytics\?.*range=12m/);
  await page.goBack();
  await expect(page.getByLabel("Plan", { exact: true })).toHaveValue("pro");
  await dates.getByRole("button", { name: "7 days" }).click();
  await page.goBack();
  await expect(dates.getByRole("button", { name: "12 months" })).toHaveAttribute("aria-pressed", "true");
});
