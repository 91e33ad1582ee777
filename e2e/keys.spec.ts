import { type APIResponse, expect, type Locator, type Page, test } from "@playwright/test";
import { available, makeOwner, overflow, serious, signUp, visit, watch } from "./support";

/** API keys, as UX.md's check 30 asks it: made, shown once, used, rotated and revoked. */

test.use({ permissions: ["clipboard-read", "clipboard-write"] });

const dialog = (page: Page): Locator => page.getByRole("dialog");
const rows = (page: Page, label = "Your keys"): Locator =>
  page.getByRole("table", { name: label }).locator("tbody tr");

/** Fills the form, and returns the secret that is then shown. */
async function create(page: Page, name: string, fill?: () => Promise<void>): Promise<string> {
  await page.getByRole("button", { name: "New key" }).first().click();
  await dialog(page).getByLabel("Name").fill(name);
  await fill?.();
  await dialog(page).getByRole("button", { name: "Create key" }).click();
  await expect(dialog(page)).toContainText("Copy your key now");
  return (await page.getByTestId("secret").textContent()) ?? "";
}

async function copyAndClose(page: Page): Promise<void> {
  await dialog(page).getByRole("button", { name: "Copy key" }).click();
  await dialog(page).getByRole("button", { name: "Done" }).click();
  await expect(dialog(page)).toBeHidden();
}

/** What the key is answered, with nothing but the key. */
async function use(page: Page, secret: string, headers: Record<string, string> = {}): Promise<APIResponse> {
  return page.request.get("/api/v1/balance", {
    headers: { authorization: `Bearer ${secret}`, ...headers },
  });
}

test("a new key is shown once; closing before it was copied warns; it works until it is revoked", async ({
  page,
  baseURL,
}) => {
  const wrong = watch(page, baseURL);
  await signUp(page);
  await visit(page, "/keys");
  await expect(page.getByText("No API keys yet")).toBeVisible();
  const secret = await create(page, "laptop", async () => {
    await dialog(page).getByLabel("Credit limit").fill("1,000");
    await dialog(page).getByLabel("Expires").selectOption({ label: "In 30 days" });
    await expect(dialog(page)).toContainText("run tools, read runs, and see credits");
  });
  expect(secret).toMatch(/^tm_test_[0-9a-z]{50}$/);

  for (const close of [
    () => page.keyboard.press("Escape"),
    () => dialog(page).getByRole("button", { name: "Close", exact: true }).click(),
    () => dialog(page).getByRole("button", { name: "Done" }).click(),
    () => page.mouse.click(5, 5),
  ]) {
    await close();
    await expect(dialog(page).getByRole("alert")).toContainText("You have not copied this key");
    await expect(page.getByTestId("secret")).toHaveText(secret);
    if (await dialog(page).getByRole("button", { name: "Done" }).isVisible()) continue;
    await dialog(page).getByRole("button", { name: "Copy key" }).last().focus();
    break;
  }
  await dialog(page).getByRole("button", { name: "Copy key" }).last().click();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(secret);
  await dialog(page).getByRole("button", { name: "Done" }).click();
  await expect(dialog(page)).toBeHidden();
  await expect(page.getByRole("button", { name: "New key" }).first()).toBeFocused();

  await expect(rows(page)).toHaveCount(1);
  await expect(rows(page)).toContainText(`tm_test_…${secret.slice(-4)}`);
  await expect(rows(page)).toContainText("0 of 1,000 credits");
  await expect(rows(page)).toContainText("Never");
  expect(await page.content()).not.toContain(secret);

  const read = await use(page, secret);
  expect(read.status()).toBe(200);
  expect((await read.json()).available).toBe(await available(page));

  await rows(page).getByRole("button", { name: "Revoke laptop" }).click();
  await expect(dialog(page)).toContainText("within 5 seconds");
  await dialog(page).getByRole("button", { name: "Revoke key" }).click();
  await expect(page.getByText("No API keys yet")).toBeVisible();
  await expect.poll(async () => (await use(page, secret)).status(), { timeout: 5_000 }).toBe(401);
  await page.getByText("1 key that has ended").click();
  await expect(rows(page, "Keys that have ended")).toContainText("Revoked");
  expect(wrong).toEqual([]);
});

test("a key closed without copying is gone; the list tells when a key was last used", async ({ page }) => {
  await signUp(page);
  await visit(page, "/keys");
  const secret = await create(page, "lost");
  await page.keyboard.press("Escape");
  await dialog(page).getByRole("button", { name: "Close without copying" }).click();
  await expect(dialog(page)).toBeHidden();
  expect((await use(page, secret)).status()).toBe(200);
  // Uses are stored every ten seconds.
  await expect(async () => {
    await page.reload();
    await expect(rows(page).locator("time")).toBeVisible({ timeout: 2_000 });
  }).toPass({ timeout: 30_000 });
});

test("a rotated key's old secret works for its grace; a new name and limit are kept", async ({ page }) => {
  await signUp(page);
  await visit(page, "/keys");
  const before = await create(page, "worker");
  await copyAndClose(page);
  await rows(page).getByRole("button", { name: "Rotate worker" }).click();
  await dialog(page).getByRole("button", { name: "Make new secret" }).click();
  await expect(dialog(page)).toContainText("Copy your key now");
  const after = (await page.getByTestId("secret").textContent()) ?? "";
  await copyAndClose(page);
  await expect(rows(page)).toContainText(`tm_test_…${before.slice(-4)} works until`);
  expect([(await use(page, before)).status(), (await use(page, after)).status()]).toEqual([200, 200]);

  await rows(page).getByRole("button", { name: "Edit worker" }).click();
  await dialog(page).getByLabel("Credit limit").fill("a few");
  await dialog(page).getByRole("button", { name: "Save changes" }).click();
  await expect(dialog(page)).toContainText("A whole number of credits");
  await dialog(page).getByLabel("Credit limit").fill("250");
  await dialog(page).getByLabel("Name").fill("worker in production");
  await dialog(page).getByRole("button", { name: "Save changes" }).click();
  await expect(rows(page)).toContainText("worker in production");
  await expect(rows(page)).toContainText("0 of 250 credits");
});

test("an owner makes a service key that charges a customer, up to its limit", async ({ page, browser }) => {
  const owner = await signUp(page);
  await visit(page, "/keys");
  await expect(page.getByRole("tab", { name: "Service keys" })).toHaveCount(0);
  await makeOwner(owner);
  await visit(page, "/keys?kind=service");
  const secret = await create(page, "upscaler", async () => {
    await expect(dialog(page)).toContainText("charge and hold credits");
    await dialog(page).getByLabel("Credit limit").fill("5");
  });
  await copyAndClose(page);

  const customer = await (await browser.newContext()).newPage();
  await signUp(customer);
  const me = await (await customer.request.get("/api/v1/me")).json();
  const charge = (credits: number, key: string) =>
    page.request.post("/api/v1/charges", {
      headers: {
        authorization: `Bearer ${secret}`,
        "toolmint-account": me.account.id,
        "idempotency-key": key,
      },
      data: { credits, tool: "upscaler" },
    });
  const before = await available(customer);
  expect((await charge(4, "one")).status()).toBe(201);
  expect((await charge(4, "one")).status()).toBe(200);
  expect(await available(customer)).toBe(before - 4);
  const beyond = await charge(2, "two");
  expect(beyond.status()).toBe(402);
  expect(await beyond.json()).toMatchObject({ need: 2, have: 1, limitOf: "key" });
  await page.reload();
  await expect(rows(page, "Service keys").filter({ hasText: "upscaler" })).toContainText("4 of 5 credits");
  await customer.context().close();
});

test("keys are found by the side bar, the palette and the menu", async ({ page }) => {
  await signUp(page);
  await visit(page, "/dashboard");
  await page
    .getByRole("navigation", { name: "Main" })
    .first()
    .getByRole("link", { name: "API keys" })
    .click();
  await expect(page).toHaveURL(/\/keys$/);
  await visit(page, "/dashboard");
  await page.keyboard.press("ControlOrMeta+k");
  await page.getByPlaceholder("Find a tool, a page, a run id…").fill("api keys");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/keys$/);
  await page.setViewportSize({ width: 390, height: 844 });
  await visit(page, "/dashboard");
  await page.getByRole("button", { name: "Your account" }).click();
  await page.getByRole("menuitem", { name: "API keys" }).click();
  await expect(page).toHaveURL(/\/keys$/);
});

test("axe finds nothing serious on keys, also with a dialog open, and nothing is cut", async ({ page }) => {
  await signUp(page);
  await visit(page, "/keys");
  await expect(page.getByText("No API keys yet")).toBeVisible();
  const fits = async () => {
    for (const width of [390, 320]) {
      await page.setViewportSize({ width, height: 844 });
      expect(await overflow(page)).toBeLessThanOrEqual(0);
    }
    await page.setViewportSize({ width: 1440, height: 900 });
  };
  expect(await serious(page)).toEqual([]);
  await fits();
  await page.getByRole("button", { name: "New key" }).first().click();
  await dialog(page).getByRole("button", { name: "Custom" }).click();
  expect(await serious(page)).toEqual([]);
  await fits();
  await page.keyboard.press("Escape");
  await create(page, "a long name of a key ".repeat(3).trim());
  expect(await serious(page)).toEqual([]);
  await fits();
  await copyAndClose(page);
  await expect(rows(page)).toHaveCount(1);
  expect(await serious(page)).toEqual([]);
  await fits();
  await page.getByRole("button", { name: /^Revoke / }).click();
  expect(await serious(page)).toEqual([]);
});
