import { expect, type Page, test } from "@playwright/test";
import { available, fixture, openTool, overflow, serious, signUp } from "./support";

/** Subscribing, packs, changes and cards against the sandbox: UX.md's checks 23, 24, 28 and 29. */

test.setTimeout(180_000);

/** Fills the hosted page's card form, or lets the card pay that is kept from last time. */
async function pay(page: Page, number: string): Promise<void> {
  await expect(page.getByText("SANDBOX")).toBeVisible();
  const kept = page.getByRole("radio", { name: number.slice(-4) });
  if (await kept.isVisible()) await kept.check();
  else await fillCard(page, number);
  await page.getByRole("button", { name: /^(Subscribe|Pay|Start)/ }).click();
}

async function fillCard(page: Page, number: string): Promise<void> {
  await page.getByLabel("Card number").fill(number);
  await page.getByLabel(/Expiry/).fill("12 / 34");
  await page.getByLabel("CVC").fill("123");
  const name = page.getByLabel("Name on card");
  if (await name.isVisible()) await name.fill("Ada Example");
}

const plan = (page: Page, name: string) => page.getByRole("article", { name, exact: true });
const heading = (page: Page, name: string | RegExp) =>
  expect(page.getByRole("heading", { name })).toBeVisible({ timeout: 30_000 });

/** Opens the dialog, reads what is due, and pays. */
async function upgrade(page: Page): Promise<void> {
  await page.goto("/billing");
  await page.getByRole("button", { name: "Change plan" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByText("Due today")).toBeVisible({ timeout: 30_000 });
  await dialog.getByRole("button", { name: /^Pay \$[\d,.]+ and change$/ }).click();
}

async function cancelAndKeep(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Cancel plan" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Cancel plan" }).click();
  await expect(page.getByText(/Ends on .* Until then all stays as it is/)).toBeVisible({ timeout: 30_000 });
  await page.getByRole("button", { name: "Keep my plan" }).click();
  await expect(page.getByRole("button", { name: "Cancel plan" })).toBeVisible({ timeout: 30_000 });
}

// Premium has no trial, which a card gives once: so these can be repeated on one database.

test("subscribe, see plan and credits, buy a pack, upgrade with its price first, cancel and take it back", async ({
  page,
}) => {
  const card = "4242 4242 4242 4242";
  await signUp(page);
  await page.goto("/pricing");
  await plan(page, "Premium").getByRole("button").click();
  await pay(page, card);
  await expect(page).toHaveURL(/\/billing\/return\?session_id=cs_/);
  await heading(page, "Premium is yours, 4,000 credits added");
  const withPlan = await available(page);
  expect(withPlan).toBe(4_100);
  await page.reload();
  await heading(page, /Premium is yours/);
  expect(await available(page)).toBe(withPlan);
  await page.getByRole("link", { name: "Go on" }).click();
  await heading(page, /^Premium/);

  await page.getByRole("button", { name: "Buy 500 credits for $9" }).click();
  await pay(page, card);
  await heading(page, "500 credits added");
  expect(await available(page)).toBe(withPlan + 500);

  await upgrade(page);
  await heading(page, /^Enterprise/);
  await expect.poll(() => available(page)).toBeGreaterThan(withPlan + 20_000);
  await cancelAndKeep(page);
});

test("a declined card says so and grants nothing; one whose bank asks pays after it, at an upgrade too", async ({
  page,
}) => {
  const asks = "4000 0000 0000 3220";
  await signUp(page);
  await page.goto("/pricing");
  await plan(page, "Premium").getByRole("button").click();
  await pay(page, "4000 0000 0000 0002");
  await expect(page.getByRole("alert").filter({ hasText: /declined/i })).toBeVisible();
  expect(await available(page)).toBe(100);
  await page.getByLabel("Card number").fill(asks);
  await page.getByRole("button", { name: /^Subscribe/ }).click();
  await page.getByRole("button", { name: "Complete" }).click();
  await heading(page, "Premium is yours, 4,000 credits added");

  await page.goto("/billing");
  await page.getByRole("button", { name: "Buy 500 credits for $9" }).click();
  await pay(page, asks);
  await page.getByRole("button", { name: "Complete" }).click();
  await heading(page, "500 credits added");

  await upgrade(page);
  await expect(page).toHaveURL(/\/invoice\/in_/);
  await page.goto("/billing");
  await expect(page.getByText(/The upgrade to Enterprise waits for its payment/)).toBeVisible();
  await heading(page, /^Premium/);
  expect(await available(page)).toBe(4_600);
  const meanwhile = await page.context().newPage();
  await meanwhile.goto("/billing");
  await expect(meanwhile.getByText(/waits for its payment/)).toBeVisible();
  await page.getByRole("link", { name: "Pay now" }).click();
  await fillCard(page, asks);
  await page.getByRole("button", { name: /^Pay/ }).click();
  await page.getByRole("button", { name: "Complete" }).click();
  await expect(page.getByText("Paid").first()).toBeVisible();
  // Unaided: the page that was open in another tab is told.
  await heading(meanwhile, /^Enterprise/);
  await expect(meanwhile.getByText(/waits for its payment/)).toBeHidden();
  await expect(meanwhile.getByRole("link", { name: "Pay", exact: true })).toBeHidden();
  await page.goto("/billing");
  await cancelAndKeep(page);
});

test("a card that had its trial elsewhere is told so, with a way to the plan without one", async ({
  browser,
}) => {
  const card = "5555 5555 5555 4444";
  for (const had of [
    /Pro is yours, 200 credits added|This card has had its trial/,
    /This card has had its trial/,
  ]) {
    const page = await browser.newPage();
    await signUp(page);
    await page.goto("/pricing");
    await plan(page, "Pro").getByRole("button").click();
    await pay(page, card);
    await heading(page, had);
    if (await page.getByRole("heading", { name: /has had its trial/ }).isVisible()) {
      expect(await available(page)).toBe(100);
      await page.getByRole("button", { name: "Pro without a trial for $12" }).click();
      await pay(page, card);
      await heading(page, "Pro is yours, 1,000 credits added");
    }
    await page.close();
  }
});

test("short of credits in a tool: the smallest pack that covers it, and back to the form as it was", async ({
  page,
}) => {
  await signUp(page);
  await openTool(page, "image-convert");
  // A balance of 1 against two pictures, told by the API as it would be.
  await page.route("**/quote", async (route) => {
    const quote = await (await route.fetch()).json();
    await route.fulfill({ json: { ...quote, available: 1, availableAfter: 0, short: quote.credits - 1 } });
  });
  await page.locator("input[type=file]").setInputFiles([fixture("photo.png"), fixture("receipt-en.png")]);
  const buy = page.getByTestId("shortfall").getByRole("button", { name: "Buy 500 credits for $9" });
  await expect(buy).toBeVisible();
  await page.unroute("**/quote");
  await buy.click();
  await pay(page, "4242 4242 4242 4242");
  await heading(page, "500 credits added");
  await page.getByRole("link", { name: "Back to the tool" }).click();
  await expect(page).toHaveURL(/\/tools\/image-convert$/);
  await expect(page.getByTestId("file-row")).toHaveCount(2);
  await expect(page.getByTestId("run")).toContainText("Run · 2 credits");
  await expect(page.getByTestId("run")).not.toHaveAttribute("aria-disabled");
});

test("what is said of paying back and of who sees what agrees with what is sold", async ({ page }) => {
  await page.goto("/refunds");
  await expect(
    page.getByText(/Unused credits of a pack are paid back if you ask within 14 days/),
  ).toBeVisible();
  await page.goto("/privacy");
  await expect(page.getByText(/You pay through Stripe/)).toBeVisible();
  await page.goto("/pricing");
  await page.getByText("Can I get money back?").click();
  await expect(page.getByText(/Unused credits of a pack, within 14 days/)).toBeVisible();
  await expect(page.getByText(/Nothing is (for sale|sold)/)).toBeHidden();
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
  await expect(page.getByText("Saved.", { exact: true })).toBeVisible();
});

test("billing and pricing fit a phone, and axe finds nothing serious; the menu's language is kept for mails too", async ({
  page,
}) => {
  await signUp(page);
  for (const language of ["English", "简体中文"]) {
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.goto("/billing");
    await page.getByRole("button", { name: /Your account|您的账户/ }).click();
    await page.getByRole("menuitemradio", { name: language }).click();
    await expect
      .poll(async () => (await (await page.request.get("/api/v1/me")).json()).user.locale)
      .toBe(language === "English" ? "en" : "zh");
    for (const path of ["/billing", "/pricing"]) {
      await page.setViewportSize({ width: 390, height: 844 });
      await page.goto(path);
      await expect(page.getByRole("button", { name: /\$9|¥66/ }).first()).toBeVisible();
      for (const width of [390, 320]) {
        await page.setViewportSize({ width, height: 844 });
        await expect.poll(() => overflow(page), `${path} at ${width} pixels`).toBeLessThanOrEqual(0);
      }
    }
  }
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.goto("/billing");
  await expect(page.getByRole("button", { name: /\$9|¥66/ }).first()).toBeVisible();
  expect(await serious(page)).toEqual([]);
});
