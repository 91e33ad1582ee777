import { readFileSync } from "node:fs";
import { type Browser, type BrowserContext, expect, type Page, test } from "@playwright/test";
import { type Customer, makeOwner, overflow, serious, signUp, visit, watch } from "./support";

/** The back office: its walls for each role, and its pages in a browser. */

const roles = ["owner", "admin", "support", "analyst", "user"] as const;
type Role = (typeof roles)[number];

const all = [
  "/admin",
  "/admin/customers",
  "/admin/gifts",
  "/admin/codes",
  "/admin/announcements",
  "/admin/flags",
  "/admin/ledger",
  "/admin/analytics",
  "/admin/plans",
  "/admin/tools",
  "/admin/models",
  "/admin/safety",
  "/admin/reports",
  "/admin/welcomes",
  "/admin/payments",
  "/admin/events",
  "/admin/runs",
  "/admin/jobs",
  "/admin/mails",
  "/admin/files",
  "/admin/limits",
  "/admin/health",
  "/admin/audit",
  "/admin/status",
  "/admin/staff",
] as const;

/** Pages that others lead to. */
const within = [
  "/admin/gifts/new",
  "/admin/codes?kind=promotion",
  "/admin/announcements/new",
  "/admin/analytics/money",
  "/admin/analytics/product",
  "/admin/analytics/technical",
];

/** Which pages each role opens; the others say what is missing, and customers find nothing. */
const open: Record<Role, readonly string[]> = {
  owner: all,
  admin: all,
  support: [
    "/admin",
    "/admin/customers",
    "/admin/safety",
    "/admin/reports",
    "/admin/welcomes",
    "/admin/runs",
    "/admin/mails",
  ],
  analyst: ["/admin", "/admin/ledger", "/admin/analytics", "/admin/tools", "/admin/models"],
  user: [],
};

type Member = { context: BrowserContext; customer: Customer };
const staff = new Map<Role, Member>();

test.beforeAll(async ({ browser, baseURL }) => {
  for (const role of roles) staff.set(role, await aMember(browser));
  const owner = member("owner");
  await makeOwner(owner.customer);
  for (const role of ["admin", "support", "analyst"] as const) {
    const answer = await owner.context.request.post("/api/v1/admin/staff", {
      headers: { origin: `${baseURL}` },
      data: { email: member(role).customer.email, role, reason: `works as ${role}` },
    });
    expect(answer.status(), await answer.text()).toBe(200);
  }
});

test.afterAll(async () => {
  for (const { context } of staff.values()) await context.close();
});

async function aMember(browser: Browser): Promise<Member> {
  const context = await browser.newContext();
  const customer = await signUp(await context.newPage());
  return { context, customer };
}

function member(role: Role): Member {
  const found = staff.get(role);
  if (!found) throw new Error(`There is no ${role}.`);
  return found;
}

/** The open page of somebody of this role. */
function pageOf(role: Role): Page {
  const [page] = member(role).context.pages();
  if (!page) throw new Error(`${role} has no page.`);
  return page;
}

test("each role opens its own pages; staff hear what they lack, customers and visitors find nothing", async ({
  request: visitor,
}) => {
  for (const path of open.owner) {
    for (const role of roles) {
      const answer = await member(role).context.request.get(path);
      expect(answer.status(), `${role} ${path}`).toBe(role === "user" ? 404 : 200);
      const walled = (await answer.text()).includes('data-testid="not-allowed"');
      expect(walled, `${role} ${path}`).toBe(role !== "user" && !open[role].includes(path));
    }
    const answer = await visitor.get(path, { maxRedirects: 0 });
    expect(answer.headers().location).toContain(`/sign-in?next=${encodeURIComponent(path)}`);
  }
  const analyst = pageOf("analyst");
  await visit(analyst, "/admin/staff");
  await expect(analyst.getByTestId("not-allowed")).toBeVisible();
  const customer = pageOf("user");
  await visit(customer, "/admin/staff");
  await expect(customer.getByRole("heading", { level: 1 })).toHaveText("This page does not exist");
});

test("the way in stands in the menu and under ⌘K for staff, and for nobody else", async () => {
  for (const role of ["support", "user"] as const) {
    const page = pageOf(role);
    await visit(page, "/dashboard");
    await expect(async () => {
      await page.getByRole("button", { name: "Your account" }).click();
      await expect(page.getByRole("menuitem", { name: "Account" })).toBeVisible({ timeout: 2_000 });
    }).toPass();
    const link = page.getByRole("menuitem", { name: "Back office" });
    await expect(link).toHaveCount(role === "support" ? 1 : 0);
    await page.keyboard.press("Escape");
    await page.keyboard.press("ControlOrMeta+k");
    await page.getByPlaceholder("Find a tool, a page, a run id…").fill("back office");
    await expect(page.getByRole("option", { name: "Overview" })).toHaveCount(role === "support" ? 1 : 0);
    await expect(page.getByRole("option", { name: "Staff" })).toHaveCount(0);
    await page.keyboard.press("Escape");
  }
});

test("an owner adds, changes and removes staff; the last owner stays", async ({ browser, baseURL }) => {
  const page = pageOf("owner");
  const wrong = watch(page, baseURL);
  const { context, customer } = await aMember(browser);
  await visit(page, "/admin/staff");
  const members = page.getByRole("table", { name: "Members" });
  const row = members.getByRole("row").filter({ hasText: customer.email });

  await page.getByRole("button", { name: "Add somebody" }).click();
  await page.getByLabel("Mail address").fill("nobody@example.com");
  await page.getByRole("button", { name: "Add to the staff" }).click();
  await expect(page.getByRole("alert")).toContainText("Say why");
  await page.getByLabel("Reason").fill("joins the support team");
  await page.getByRole("button", { name: "Add to the staff" }).click();
  await expect(page.getByRole("alert")).toContainText("Nobody has signed up with nobody@example.com");
  await page.getByLabel("Mail address").fill(customer.email);
  await expect(page.getByTestId("preview")).toContainText("Customer → Support");
  await page.getByRole("button", { name: "Add to the staff" }).click();
  await expect(row).toContainText("Support");

  await row.getByRole("button", { name: /^Actions for/ }).click();
  await page.getByRole("menuitem", { name: "Change role…" }).click();
  await page.getByLabel("Role", { exact: true }).selectOption("Analyst");
  await expect(page.getByTestId("preview")).toContainText("See the proof of the ledger");
  await page.getByLabel("Reason").fill("moves to the numbers");
  await page.getByRole("button", { name: "Make Analyst" }).click();
  await expect(row).toContainText("Analyst");
  expect((await context.request.get("/admin")).status()).toBe(200);

  await row.getByRole("button", { name: /^Actions for/ }).click();
  await page.getByRole("menuitem", { name: "Remove from staff…" }).click();
  await page.getByLabel("Reason").fill("left the company");
  await page.getByRole("button", { name: "Remove from staff" }).click();
  // Behind the open dialog no row can be found either.
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect(row).toHaveCount(0);
  expect((await context.request.get("/admin")).status()).toBe(404);
  await context.close();

  await visit(page, "/admin/staff");
  // Other tests make owners on the same site; whoever is the only one stays.
  const owned = members
    .getByRole("row")
    .filter({ has: page.getByRole("cell", { name: "Owner", exact: true }) });
  const last = (await owned.count()) === 1;
  const owner = members.getByRole("row").filter({ hasText: member("owner").customer.email });
  await owner.getByRole("button", { name: /^Actions for/ }).click();
  await expect(page.getByText("last owner stays owner")).toHaveCount(last ? 1 : 0);
  await expect(page.getByRole("menuitem", { name: "Change role…" })).toBeEnabled({ enabled: !last });
  await page.keyboard.press("Escape");
  // What the API refuses may show in the console.
  expect(wrong.filter((line) => !line.includes("422"))).toEqual([]);
});

test("support finds a customer under ⌘K and reads their plan, credits, runs, payments, keys and timeline", async ({
  baseURL,
}) => {
  const page = pageOf("support");
  const wrong = watch(page, baseURL);
  const { email } = member("user").customer;
  await visit(page, "/admin");
  await page.keyboard.press("ControlOrMeta+k");
  await page.getByPlaceholder("Find a tool, a page, a run id…").fill(email);
  await page.getByRole("option", { name: `Find customer “${email}”` }).click();
  await expect(page).toHaveURL(/\/admin\/customers\?q=customer-/);
  const rows = page.getByRole("table", { name: "Customers" }).locator("tbody tr");
  await expect(rows).toHaveCount(1);
  await expect(rows).toContainText("100");
  await rows.getByRole("link").click();

  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Ada Example");
  await expect(page.getByRole("region", { name: "Facts" })).toContainText("PlanFree");
  const timeline = page.getByRole("table", { name: "Timeline" });
  await expect(timeline).toContainText("Welcome credits");
  await expect(timeline).toContainText("Signed in");
  const tabs = page.getByRole("navigation", { name: "About this customer" });
  await tabs.getByRole("link", { name: "Credits" }).click();
  await expect(page.getByRole("table", { name: "Credits" })).toContainText("+100");
  await page.reload();
  await expect(page.getByRole("table", { name: "Credits" })).toContainText("+100");
  await tabs.getByRole("link", { name: "Runs" }).click();
  await expect(page.getByText("No runs yet")).toBeVisible();
  await tabs.getByRole("link", { name: "Payments" }).click();
  await expect(page.getByText("No payments yet")).toBeVisible();
  await tabs.getByRole("link", { name: "Keys" }).click();
  await expect(page.getByText("No API keys")).toBeVisible();
  await sound(page);
  for (const width of [390, 320]) {
    await page.setViewportSize({ width, height: 844 });
    expect(await overflow(page)).toBeLessThanOrEqual(0);
  }
  await page.setViewportSize({ width: 1280, height: 720 });

  await visit(page, "/admin/customers?q=nobody@example.com");
  await expect(page.getByText("Nothing matches")).toBeVisible();
  expect((await visit(page, "/admin/customers/usr_none"))?.status()).toBe(404);
  const download = page.request.get(`/api/v1/admin/customers.csv?query=${email}`);
  expect(await (await download).text()).toContain(`${email},yes,user`);
  expect(wrong.filter((line) => !line.includes("404"))).toEqual([]);
});

test("the audit log is searched and filtered in the URL, read in a sheet and taken as CSV", async ({
  baseURL,
}) => {
  const page = pageOf("admin");
  const wrong = watch(page, baseURL);
  const { email } = member("analyst").customer;
  await visit(page, "/admin/audit");
  const rows = page.getByRole("table", { name: "Audit log" }).locator("tbody tr");
  await expect(rows.filter({ hasText: email }).first()).toContainText("Role changed");
  await page.getByLabel("Act", { exact: true }).selectOption("Role changed");
  await page.getByLabel("By whom: mail or id").fill(member("owner").customer.email);
  await expect(page).toHaveURL(/action=role.change/);
  await expect(page).toHaveURL(/actor=customer-/);
  await page.reload();
  const row = rows.filter({ hasText: email });
  await expect(row).toContainText("works as analyst");
  await expect(row).toContainText("Customer → Analyst");

  await row.getByRole("button", { name: "Role changed" }).click();
  const sheet = page.getByRole("dialog", { name: "Role changed" });
  await expect(sheet).toContainText(`${member("owner").customer.email} · Owner`);
  await expect(sheet).toContainText("Request id");
  await page.keyboard.press("Escape");
  await expect(sheet).toHaveCount(0);
  await expect(page).not.toHaveURL(/act=act_/);

  const download = page.waitForEvent("download");
  await page.getByTestId("acts-csv").click();
  const text = readFileSync(await (await download).path(), "utf8");
  expect(text).toContain("works as analyst");
  expect(text).not.toContain("ledger.reconcile");
  await page.getByLabel("By whom: mail or id").fill("nobody@example.com");
  await expect(page.getByText("Nothing matches")).toBeVisible();
  await page.getByRole("button", { name: "Clear filters" }).first().click();
  await expect(rows.first()).toBeVisible();
  expect(wrong).toEqual([]);
});

test("the ledger is proved by a button; the money view adds up, as picture, table and CSV", async ({
  baseURL,
}) => {
  const page = pageOf("admin");
  const wrong = watch(page, baseURL);
  await visit(page, "/admin/ledger");
  await page.getByRole("button", { name: "Run now" }).click();
  await expect(page.getByTestId("proof")).toHaveText(/^0 differences at \d\d:\d\d$/);
  await expect(page.getByRole("table", { name: "Proofs" })).toContainText(member("admin").customer.email);

  // The card; its table has a region of the same name within.
  const moved = page.getByRole("region", { name: "Credits by month and source" }).first();
  // Other tests' customers sign up and buy meanwhile.
  await expect(async () => {
    await page.reload();
    const shown = await page.getByTestId("money-totals").textContent({ timeout: 2_000 });
    const [, sold, given] = /^Sold([\d,]+)Given([\d,]+)Used/.exec(shown ?? "") ?? [];
    const issued = await creditsIssued(page);
    expect(credits(sold) + credits(given)).toBe(issued);
    await expect(moved).toContainText(`${issued.toLocaleString("en-US")} credits issued`, { timeout: 2_000 });
    const unsold = page.getByRole("region", { name: "Deferred revenue" }).getByText("Nothing was sold yet");
    await expect(unsold).toHaveCount(sold === "0" ? 1 : 0, { timeout: 2_000 });
  }).toPass();
  await moved.getByRole("button", { name: "Table" }).click();
  await expect(page).toHaveURL(/movedView=table/);
  await page.reload();
  const issued = moved.getByText(/^[\d,]+ credits issued/);
  const sum = ((await issued.textContent()) ?? "").split(" ", 1).join();
  await expect(moved.getByRole("table").getByRole("row").last()).toContainText(sum);
  const download = page.waitForEvent("download");
  await moved.getByRole("button", { name: "Download CSV" }).click();
  expect((await download).suggestedFilename()).toBe("credits-issued-by-month.csv");
  await moved.getByRole("button", { name: "Expired" }).click();
  await expect(moved).toContainText("No credits moved like this yet");
  await page.goBack();
  await expect(issued).toBeVisible();
  expect(wrong).toEqual([]);

  const analyst = pageOf("analyst");
  await analyst.goto("/admin/ledger");
  await expect(analyst.getByTestId("proof")).toContainText("0 differences");
  await expect(analyst.getByRole("button", { name: "Run now" })).toHaveCount(0);
});

/** The number that is written like this, in English. */
function credits(text: string | undefined): number {
  return Number(text?.replaceAll(",", ""));
}

/** What the API says was issued until the last proof. */
async function creditsIssued(page: Page): Promise<number> {
  const { moved } = await (await page.request.get("/api/v1/admin/money")).json();
  const issued = moved.reduce((sum: number, line: { issued: number }) => sum + line.issued, 0);
  expect(issued).toBeGreaterThanOrEqual(100 * roles.length);
  return issued;
}

test("what does not add up is shown account by account", async () => {
  const page = pageOf("owner");
  const finding = { invariant: "L2", accountId: "acct_01kaqtwsvf3h5m8w9z0x1c2v3b", subject: null };
  // A proof of broken books, told as the API would tell it: the ledger itself cannot break them.
  await page.route("**/api/v1/admin/reconciliations/last", async (route) => {
    const known = await (await route.fetch()).json();
    const done = { ...known.done, findingCount: 2, findings: [{ ...finding, found: 100, expected: 90 }] };
    await route.fulfill({ json: { ...known, done } });
  });
  await visit(page, "/admin/ledger");
  await expect(page.getByTestId("proof")).toContainText("2 differences");
  const differences = page.getByRole("region", { name: "Differences" });
  await expect(differences.getByRole("row").last()).toContainText("Entries, lots and balance agree");
  await expect(differences.getByRole("row").last()).toContainText("+10");
  await expect(differences).toContainText("One more is not listed");
  await page.unroute("**/api/v1/admin/reconciliations/last");
});

test("axe finds nothing serious in the back office, and nothing is cut", async () => {
  test.setTimeout(600_000);
  const page = pageOf("owner");
  for (const path of [...open.owner, ...within]) {
    await page.setViewportSize({ width: 1440, height: 900 });
    await visit(page, path);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await sound(page);
    for (const width of [390, 320]) {
      await page.setViewportSize({ width, height: 844 });
      // A chart takes its new width a moment after the window did.
      await expect.poll(() => overflow(page), `${path} at ${width}`).toBeLessThanOrEqual(0);
    }
  }
  await page.setViewportSize({ width: 390, height: 844 });
  await visit(page, "/admin/staff");
  await page.getByRole("button", { name: "Add somebody" }).click();
  await expect(page.getByLabel("Reason")).toBeVisible();
  await sound(page);

  await page.context().addCookies([{ name: "locale", value: "zh", url: new URL("/", page.url()).href }]);
  for (const path of [...open.owner, ...within]) {
    await visit(page, path);
    await expect(page.locator("html")).toHaveAttribute("lang", "zh-Hans");
    await expect.poll(() => overflow(page), `${path} in Chinese`).toBeLessThanOrEqual(0);
  }
});

async function sound(page: Page): Promise<void> {
  expect(await serious(page)).toEqual([]);
}
