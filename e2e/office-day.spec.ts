import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BrowserContext, expect, type Page, test } from "@playwright/test";
import { type SiteProcess, spawnSite } from "../test/spawn";
import { available, makeOwner, signUp, visit, watch } from "./support";

/**
 * An admin's day, from one end to the other: each act is seen where it counts, on the customer's own pages. On a
 * site of its own, for what is switched off and priced anew is so for everybody.
 */

test.setTimeout(240_000);

const members: BrowserContext[] = [];
let folder = "";
let site: SiteProcess;
let admin: Page;
let owner: Page;
let customer: Page;
let email: string;

test.beforeAll(async ({ browser }) => {
  folder = mkdtempSync(join(tmpdir(), "toolmint-day-"));
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
  [owner, admin, customer] = [await open(), await open(), await open()];
  await makeOwner(await signUp(owner), folder);
  const { email: mail } = await signUp(admin);
  const answer = await owner.request.post("/api/v1/admin/staff", {
    headers: { origin: site.url },
    data: { email: mail, role: "admin", reason: "works the day" },
  });
  expect(answer.status(), await answer.text()).toBe(200);
  email = (await signUp(customer)).email;
  await buyPack();
});

test.afterAll(async () => {
  for (const context of members) await context.close();
  site.signal("SIGINT");
  await site.ended;
  rmSync(folder, { recursive: true, force: true });
});

/** The customer pays for 500 credits on the hosted page. */
async function buyPack(): Promise<void> {
  const answer = await customer.request.post("/api/v1/billing/checkout", {
    headers: { origin: site.url, "idempotency-key": crypto.randomUUID() },
    data: { kind: "pack", packId: "small", currency: "usd", returnTo: "/tools" },
  });
  expect(answer.status(), await answer.text()).toBe(201);
  const { url } = await answer.json();
  const card = { number: "4242424242424242", expiry: "12 / 34", cvc: "123" };
  await customer.request.post(url, { form: { action: "pay", email, ...card }, maxRedirects: 0 });
  await expect.poll(() => available(customer), { timeout: 30_000 }).toBe(600);
}

/** Fills in why, does it, and waits until the dialog has gone. */
async function act(reason: string, name: string | RegExp): Promise<void> {
  const dialog = admin.getByRole("dialog");
  await dialog.getByLabel("Reason").fill(reason);
  await dialog.getByRole("button", { name }).click();
  await expect(dialog).toHaveCount(0, { timeout: 30_000 });
}

test("find a customer, adjust credits, pay an invoice back, replay an event", async () => {
  const wrong = watch(admin, site.url);
  await visit(admin, "/admin");
  await admin.keyboard.press("ControlOrMeta+k");
  await admin.getByPlaceholder("Find a tool, a page, a run id…").fill(email);
  await admin.getByRole("option", { name: `Find customer “${email}”` }).click();
  await admin.getByRole("table", { name: "Customers" }).locator("tbody").getByRole("link").click();
  await expect(admin.getByRole("heading", { level: 1 })).toHaveText("Ada Example");

  await admin.getByRole("button", { name: "Adjust credits" }).click();
  await admin.getByLabel("Credits", { exact: true }).fill("40");
  await expect(admin.getByTestId("preview")).toContainText("600→640");
  await act("makes good a lost file", "Give 40 credits");
  expect(await available(customer)).toBe(640);

  const tabs = admin.getByRole("navigation", { name: "About this customer" });
  await tabs.getByRole("link", { name: "Payments" }).click();
  const invoice = admin.getByRole("table", { name: "Payments" }).locator("tbody tr");
  await invoice.getByRole("button", { name: "Refund" }).click();
  await expect(admin.getByTestId("preview")).toContainText("500 credits unspent of this invoice are taken");
  await act("bought by mistake", "Pay back $9");
  await expect(invoice).toContainText("Refunded");
  await expect.poll(() => available(customer)).toBe(140);

  await visit(admin, `/admin/events?status=all&type=invoice.paid&customer=${encodeURIComponent(email)}`);
  const event = admin.getByRole("table", { name: "Payment events" }).locator("tbody tr");
  await expect(event).toHaveCount(1);
  await event.getByRole("button", { name: "Replay invoice.paid" }).click();
  await expect(event.getByRole("status")).toHaveText("Done");
  // Nothing is granted or taken back twice.
  expect(await available(customer)).toBe(140);
  expect(wrong).toEqual([]);
});

test("switch a tool off for everybody, publish a price, read what was earned and what was done", async () => {
  const wrong = watch(admin, site.url);
  await visit(admin, "/admin/tools/write");
  await admin.getByRole("button", { name: /^Switch off/ }).click();
  await act("the model's provider is down", /^Switch off/);
  await customer.goto("/tools/write");
  await expect(customer.getByText("This tool is switched off for now.")).toBeVisible();
  await admin.getByRole("button", { name: /^Switch on/ }).click();
  await act("it is back", /^Switch on/);
  await customer.reload();
  await expect(customer.getByText("This tool is switched off for now.")).toHaveCount(0);

  const price = customer.getByText(/^up to \d+ credits? per run/).first();
  const before = (await price.textContent()) ?? "";
  await admin.getByLabel("1,000 tokens written").fill("9");
  await admin.getByRole("button", { name: "Publish…" }).click();
  await act("the provider asks for more", "Publish");
  await customer.reload();
  await expect(price).not.toHaveText(before);
  const published = (await price.textContent()) ?? "";
  await visit(admin, "/admin/tools");
  await expect(
    admin.getByRole("table", { name: "Tools" }).getByRole("row").filter({ hasText: "Write, translate" }),
  ).toContainText(published);

  await visit(admin, "/admin/analytics/money");
  await expect(admin.getByRole("region", { name: "MRR movements" }).first()).toContainText(
    "They add up exactly",
  );
  await visit(admin, "/admin/audit");
  const log = admin.getByRole("table", { name: "Audit log" });
  for (const done of ["Tool published", "Tool switched on or off", "Invoice paid back", "Credits adjusted"]) {
    await expect(log.getByRole("row").filter({ hasText: done }).first()).toBeVisible();
  }
  expect(wrong).toEqual([]);
});
