import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, type Page, test } from "@playwright/test";
import { Client } from "pg";
import { makeOwner, serious, signUp, visit, watch } from "./support";

/** A morning in the back office: what waits for a hand is found, mended and gone. */

let owner: Page;

test.beforeAll(async ({ browser }) => {
  owner = await (await browser.newContext()).newPage();
  await makeOwner(await signUp(owner));
});

test.afterAll(() => owner.context().close());

/** What no request makes: an event and a job that were given up. */
async function inDatabase(statement: string, values: unknown[]): Promise<Record<string, unknown>[]> {
  const folder = join(process.env.E2E_DATA_DIR ?? ".data/e2e", "postgres");
  const [port, password] = ["toolmint-port", "toolmint-password"].map((name) =>
    readFileSync(join(folder, name), "utf8").trim(),
  );
  const client = new Client({
    connectionString: `postgres://postgres:${password}@127.0.0.1:${port}/postgres`,
  });
  await client.connect();
  try {
    return (await client.query(statement, values)).rows;
  } finally {
    await client.end();
  }
}

test("an event that was given up needs somebody; replayed it turns green in its place", async ({
  baseURL,
}) => {
  const wrong = watch(owner, baseURL);
  const { account } = await (await owner.request.get("/api/v1/me")).json();
  const customer = `cus_${crypto.randomUUID()}`;
  const event = `evt_${crypto.randomUUID()}`;
  await inDatabase(
    `insert into customers (account_id, stripe_id, asked_at) values ($1, $2, now() + interval '1 hour')`,
    [account.id, customer],
  );
  await inDatabase(
    `insert into stripe_events (id, type, stripe_customer_id, status, attempts, error, livemode, created_at)
     values ($1, 'invoice.paid', $2, 'failed', 14, 'no such price', false, now())`,
    [event, customer],
  );
  await visit(owner, "/admin");
  await expect(owner.getByTestId("figure-signUps")).toContainText("Sign-ups");
  expect(await serious(owner)).toEqual([]);
  await owner.getByTestId("need-events").getByRole("link").click();
  await expect(owner).toHaveURL(/\/admin\/events\?status=failed/);
  await owner.getByLabel("Mail or Stripe id").fill(customer);
  const row = owner.getByRole("table", { name: "Payment events" }).locator("tbody tr");
  await expect(row).toHaveCount(1);
  await expect(row).toContainText("no such price");
  await row.getByRole("button", { name: "Replay invoice.paid" }).click();
  await expect(row.getByRole("status")).toHaveText("Done");
  await row.getByRole("button", { name: "invoice.paid", exact: true }).click();
  await expect(owner.getByRole("dialog", { name: "Payment event" })).toContainText("What Stripe told");
  await owner.keyboard.press("Escape");
  // The sandbox never made this event, so it says that it has none.
  expect(wrong.filter((line) => !line.includes("/payload"))).toEqual([]);
});

test("a job that was given up is tried again; what the site depends on works", async ({ baseURL }) => {
  const wrong = watch(owner, baseURL);
  const [job] = await inDatabase(
    "select id from graphile_worker.add_job('insight.forget-limits', '{}', max_attempts => 1, run_at => now() + interval '1 hour')",
    [],
  );
  await inDatabase(
    "update graphile_worker._private_jobs set attempts = 1, last_error = 'the disk was full' where id = $1",
    [job?.id],
  );
  await visit(owner, "/admin/jobs?task=insight.forget");
  const row = owner.getByRole("table", { name: "Jobs" }).locator("tbody tr");
  await expect(row).toContainText("the disk was full");
  await row.getByRole("button", { name: "Discard insight.forget-limits" }).click();
  await expect(owner.getByTestId("loss")).toContainText("the schedule does it again");
  await owner.getByRole("button", { name: "Cancel" }).click();
  await row.getByRole("button", { name: "Retry insight.forget-limits" }).click();
  await expect(owner.getByText("Nothing matches")).toBeVisible();
  await expect
    .poll(
      async () => (await inDatabase("select 1 from graphile_worker.jobs where id = $1", [job?.id])).length,
    )
    .toBe(0);
  await expect(owner.getByRole("table", { name: "By the clock" })).toContainText("billing.check");
  expect(await serious(owner)).toEqual([]);
  await visit(owner, "/admin/health");
  await expect(owner.getByTestId("dependency-database")).toContainText("works");
  expect(wrong).toEqual([]);
});
