import { expect, type Page, test } from "@playwright/test";
import { available, overflow, serious, signUp } from "./support";

/** Subscribing, packs, changes and cards against the sandbox: UX.md's checks 23, 24, 28 and 29. */

test.setTimeout(180_000);

/** Fills the hosted page's card form, or lets the card pay that is kept from last time. */
async function pay(page: Page, number: string): Promise<void> {
  await expect(page.getByText("SANDBOX")).toBeVisible();
  const kept = page.getByRole("radio", { name: /4242/ });
  if (await kept.isVisible()) {
    await kept.check();
    await page.getByRole("button", { name: /^Pay/ }).click();
    return;
  }
  await page.getByLabel("Card number").fill(number);
  await page.getByLabel(/Expiry/).fill("12 / 34");
  await page.getByLabel("CVC").fill("123");
  await page.getByLabel("Name on card").fill("Ada Example");
  await page.getByRole("button", { name: /^(Subscribe|Pay|Start)/ }).click();
}

const plan = (page: Page, name: string) => page.getByRole("article", { name, exact: true });

test("subscribe, see plan and credits, buy a pack, upgrade with its price first, cancel and take it back", async ({
  page,
}) => {
  await signUp(page);
  await page.goto("/pricing");
  await plan(page, "Pro").getByRole("button").click();
  await pay(page, "4242 4242 4242 4242");
  await expect(page).toHaveURL(/\/billing\/return\?session_id=cs_/);
  await expect(page.getByRole("heading", { name: /Pro is yours, \d+ credits added/ })).toBeVisible({
    timeout: 30_000,
  });
  const withPlan = await available(page);
  expect(withPlan).toBeGreaterThan(100);
  await page.reload();
  await expect(page.getByRole("heading", { name: /Pro is yours/ })).toBeVisible();
  expect(await available(page)).toBe(withPlan);
  await page.getByRole("link", { name: "Go on" }).click();
  await expect(page.getByRole("heading", { name: /^Pro/ })).toBeVisible();

  await page.getByRole("button", { name: "Buy 500 credits for $9" }).click();
  await pay(page, "4242 4242 4242 4242");
  await expect(page.getByRole("heading", { name: "500 credits added" })).toBeVisible({ timeout: 30_000 });
  expect(await available(page)).toBe(withPlan + 500);

  await page.goto("/billing");
  await page.getByRole("button", { name: "Change plan" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByText("Due today")).toBeVisible({ timeout: 30_000 });
  await dialog.getByRole("button", { name: /^Pay \$[\d.]+ and change$/ }).click();
  await expect(page.getByRole("heading", { name: /^Premium/ })).toBeVisible({ timeout: 30_000 });

  await page.getByRole("button", { name: "Cancel plan" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Cancel plan" }).click();
  await expect(page.getByText(/Ends on .* Until then all stays as it is/)).toBeVisible({ timeout: 30_000 });
  await page.getByRole("button", { name: "Keep my plan" }).click();
  await expect(page.getByRole("button", { name: "Cancel plan" })).toBeVisible({ timeout: 30_000 });
});

test("a declined card says so and grants nothing; a card that asks for confirmation pays after it", async ({
  page,
}) => {
  await signUp(page);
  await page.goto("/billing");
  await page.getByRole("button", { name: "Buy 500 credits for $9" }).click();
  await pay(page, "4000 0000 0000 0002");
  await expect(page.getByRole("alert").filter({ hasText: /declined/i })).toBeVisible();
  await page.getByLabel("Card number").fill("4000 0025 0000 3155");
  await page.getByRole("button", { name: /^Pay/ }).click();
  await page.getByRole("button", { name: "Complete" }).click();
  await expect(page.getByRole("heading", { name: "500 credits added" })).toBeVisible({ timeout: 30_000 });
  expect(await available(page)).toBe(600);
});

test("auto top-up is off, and cannot be saved without a monthly limit; its rule is a sentence", async ({
  page,
}) => {
  await signUp(page);
  await page.goto("/billing");
  await expect(page.getByRole("switch")).not.toBeChecked();
  await expect(page.getByRole("switch")).toBeDisabled();
  await page.getByRole("button", { name: "Buy 500 credits for $9" }).click();
  await pay(page, "4242 4242 4242 4242");
  await expect(page.getByRole("heading", { name: "500 credits added" })).toBeVisible({ timeout: 30_000 });
  await page.goto("/billing");
  await page.getByRole("switch").click();
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Set how much it may charge a month at most.")).toBeVisible();
  await page.getByLabel("At most a month (USD)").fill("45");
  await expect(
    page.getByText("Below 100 credits, buy 500 credits for $9; at most $45 a month."),
  ).toBeVisible();
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Saved.")).toBeVisible();
});

test("billing and pricing fit a phone, and axe finds nothing serious", async ({ page, baseURL }) => {
  await signUp(page);
  for (const language of ["en", "zh"]) {
    await page.context().addCookies([{ name: "locale", value: language, url: baseURL ?? "" }]);
    for (const path of ["/billing", "/pricing"]) {
      for (const width of [390, 320]) {
        await page.setViewportSize({ width, height: 844 });
        await page.goto(path);
        await expect(page.getByRole("button", { name: /\$9|¥66/ }).first()).toBeVisible();
        await expect.poll(() => overflow(page), `${path} at ${width} pixels`).toBeLessThanOrEqual(0);
      }
    }
  }
  await page.setViewportSize({ width: 1440, height: 900 });
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    await page.goto("/billing");
    await expect(page.getByRole("button", { name: /\$9|¥66/ }).first()).toBeVisible();
    expect(await serious(page)).toEqual([]);
  }
});
