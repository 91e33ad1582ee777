import { expect, type Page, test } from "@playwright/test";
import { makeOwner, overflow, serious, signUp, visit, watch } from "./support";

/** Customers in the back office: found by whatever one has of them, and adjusted with a preview. */

let email: string;
let page: Page;

test.beforeAll(async ({ browser }) => {
  page = await (await browser.newContext()).newPage();
  const owner = await signUp(page);
  await makeOwner(owner);
  email = owner.email;
});

test.afterAll(() => page.context().close());

test("a customer is found by mail, name, user, account and key; a filter becomes a view", async ({
  baseURL,
}) => {
  const wrong = watch(page, baseURL);
  const get = async (path: string) => (await page.request.get(`/api/v1${path}`)).json();
  const [customer] = (await get(`/admin/customers?query=${email}`)).data;
  const made = await page.request.post("/api/v1/keys", {
    headers: { origin: `${baseURL}`, "idempotency-key": crypto.randomUUID() },
    data: { name: "found", scopes: ["credits.read"] },
  });
  expect(made.status(), await made.text()).toBe(201);
  const { hint, id: keyId } = (await made.json()).key;
  await visit(page, "/admin/customers");
  const row = page.getByRole("table", { name: "Customers" }).locator("tbody tr").filter({ hasText: email });
  const search = page.getByRole("searchbox", { name: "Mail, name, any id, invoice number, key" });
  for (const text of [email, customer.id, customer.accountId, keyId, hint]) {
    await search.fill(text);
    await expect(row).toHaveCount(1);
  }
  await search.fill("in_none");
  await expect(page.getByText("Nothing matches")).toBeVisible();
  await page.getByRole("button", { name: "Clear filters" }).first().click();
  await page.getByLabel("Plan", { exact: true }).selectOption("Free");
  await expect(page).toHaveURL(/plan=free/);
  await page.getByRole("button", { name: "Save as a view…" }).click();
  await page.getByLabel("Name", { exact: true }).fill("Not paying");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  const view = page.getByRole("navigation", { name: "Views" }).getByRole("link", { name: "Not paying" });
  await expect(view).toHaveAttribute("aria-current", "page");
  await page.reload();
  await expect(view).toHaveAttribute("aria-current", "page");
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await overflow(page)).toBeLessThanOrEqual(0);
  await page.setViewportSize({ width: 1440, height: 900 });
  expect(wrong).toEqual([]);
});

test("an adjustment shows old → new first, then stands in the timeline and the audit log; a note is pinned", async () => {
  const before = await available();
  await visit(page, `/admin/customers?q=${email}`);
  await page.getByRole("table", { name: "Customers" }).getByRole("link").first().click();
  await page.getByRole("button", { name: "Adjust credits" }).click();
  const sheet = page.getByRole("dialog");
  await sheet.getByLabel("Credits", { exact: true }).fill("40");
  const text = (credits: number) => credits.toLocaleString("en-US");
  await expect(sheet.getByTestId("preview")).toContainText(`${text(before)}→${text(before + 40)}`);
  expect(await serious(page, "[role=dialog]")).toEqual([]);
  await sheet.getByRole("button", { name: "Give 40 credits" }).click();
  await expect(sheet.getByRole("alert").filter({ hasText: "Say why" })).toBeVisible();
  await sheet.getByLabel("Reason").fill("makes good a lost file");
  await sheet.getByRole("button", { name: "Give 40 credits" }).click();
  await expect(sheet).toHaveCount(0);
  const timeline = page.getByRole("table", { name: "Timeline" });
  await expect(timeline).toContainText("+40");
  await expect(timeline).toContainText("makes good a lost file");
  expect(await available()).toBe(before + 40);

  await page
    .getByRole("navigation", { name: "About this customer" })
    .getByRole("link", { name: "Notes" })
    .click();
  await page.getByLabel("A note for your colleagues").fill("Pays by bank transfer");
  await page.getByRole("button", { name: "Add note" }).click();
  await page.getByRole("button", { name: /^Actions for the note of/ }).click();
  await page.getByRole("menuitem", { name: "Pin" }).click();
  await expect(page.getByText("Pinned")).toBeVisible();
  await visit(page, "/admin/audit");
  const log = page.getByRole("table", { name: "Audit log" });
  await expect(log).toContainText("makes good a lost file");
  await expect(log).toContainText("Note written");
});

/** What the owner, who is the customer here, can spend. */
async function available(): Promise<number> {
  return (await (await page.request.get("/api/v1/balance")).json()).available;
}
