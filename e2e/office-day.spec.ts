import { type BrowserContext, expect, type Page, test } from "@playwright/test";
import { available, makeOwner, signUp, visit, watch } from "./support";

/** An admin's day, from one end to the other: each act is seen where it counts, on the customer's own pages. */

test.setTimeout(240_000);

const members: BrowserContext[] = [];
let admin: Page;
let customer: Page;
let email: string;

test.beforeAll(async ({ browser, baseURL }) => {
  const open = async () => {
    const context = await browser.newContext();
    members.push(context);
    return context.newPage();
  };
  const owner = await open();
  [admin, customer] = [await open(), await open()];
  await makeOwner(await signUp(owner));
  const { email: mail } = await signUp(admin);
  const answer = await owner.request.post("/api/v1/admin/staff", {
    headers: { origin: `${baseURL}` },
    data: { email: mail, role: "admin", reason: "works the day" },
  });
  expect(answer.status(), await answer.text()).toBe(200);
  email = (await signUp(customer)).email;
  await buyPack(baseURL);
});

test.afterAll(async () => {
  for (const context of members) await context.close();
});

/** The customer pays for 500 credits on the hosted page. */
async function buyPack(baseURL: string | undefined): Promise<void> {
  const answer = await customer.request.post("/api/v1/billing/checkout", {
    headers: { origin: `${baseURL}`, "idempotency-key": crypto.randomUUID() },
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

test("find a customer, adjust credits, pay an invoice back, replay an event", async ({ baseURL }) => {
  const wrong = watch(admin, baseURL);
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
