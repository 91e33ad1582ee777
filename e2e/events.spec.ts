import { expect, test } from "@playwright/test";
import { available, makeOwner, signUp, visit, watch } from "./support";

/** Stripe's events in the back office: what came in, and processing one anew. */

test("an event is found by its customer and processed anew: nothing is granted twice, and it is on record", async ({
  page,
  baseURL,
}) => {
  const customer = await signUp(page);
  await makeOwner(customer);
  const wrong = watch(page, baseURL);
  const answer = await page.request.post("/api/v1/billing/checkout", {
    data: { kind: "pack", packId: "small", currency: "usd", returnTo: "/billing" },
    headers: { origin: `${baseURL}`, "idempotency-key": crypto.randomUUID() },
  });
  const { url } = await answer.json();
  const card = { action: "pay", number: "4242424242424242", expiry: "12 / 34", cvc: "123" };
  await fetch(url, { method: "POST", body: new URLSearchParams(card), redirect: "manual" });
  await expect.poll(() => available(page), { timeout: 30_000 }).toBe(600);

  await visit(page, "/admin/events");
  await page.getByLabel("Which events").selectOption("Done");
  await page.getByLabel("Mail or Stripe id").fill(customer.email);
  await page.getByLabel("Type begins with").fill("invoice.paid");
  const row = page.getByRole("table", { name: "Payment events" }).locator("tbody tr");
  await expect(row).toHaveCount(1);
  await expect(row).toContainText(customer.email);
  for (const part of [/status=done/, /type=invoice\.paid/, /customer=/]) await expect(page).toHaveURL(part);
  await row.getByRole("button", { name: "Replay invoice.paid" }).click();
  await expect(page.getByText("It is being processed anew.", { exact: true })).toBeVisible();
  await expect(async () => {
    await page.reload();
    await expect(row).toContainText("Done", { timeout: 2_000 });
  }).toPass();
  expect(await available(page)).toBe(600);

  await visit(page, "/admin/audit");
  const acts = page.getByRole("table", { name: "Audit log" }).locator("tbody tr");
  await expect(acts.filter({ hasText: "Payment event replayed" }).first()).toContainText("done → waiting");
  expect(wrong).toEqual([]);
});
