import { readFileSync } from "node:fs";
import { expect, type Locator, type Page, test } from "@playwright/test";
import { fixture, overflow, serious, signUp, watch } from "./support";

/** The dashboard and the credits history, as UX.md's checks 1, 3, 25, 26, 27 and 37 ask it. */

type Balance = {
  available: number;
  held: number;
  total: number;
  nextExpiry: { at: string; credits: number } | null;
  lots: { remaining: number; held: number; expiresAt: string | null }[];
};

const amounts = (page: Page): Locator => page.getByTestId("amount");
const part = (page: Page, name: string): Locator => page.getByRole("region", { name });

/** Starts a run of a picture through the API, as another program of the same customer would. */
async function start(page: Page, tool: string, file: string): Promise<string> {
  const origin = new URL((await page.request.get("/api/healthz")).url()).origin;
  const headers = { origin };
  const upload = await page.request.post("/api/v1/uploads", {
    headers: { ...headers, "idempotency-key": `${tool}-${file}` },
    multipart: { file: { name: file, mimeType: "image/png", buffer: readFileSync(fixture(file)) } },
  });
  const answer = await page.request.post(`/api/v1/tools/${tool}/runs`, {
    headers: { ...headers, "idempotency-key": `${tool}-${file}` },
    data: { input: { [tool === "upscale" ? "image" : "images"]: [(await upload.json()).id] } },
  });
  expect(answer.status(), await answer.text()).toBe(201);
  return (await answer.json()).id;
}

async function status(page: Page, run: string): Promise<string> {
  return (await (await page.request.get(`/api/v1/runs/${run}`)).json()).status;
}

/** Runs a tool to its end. */
async function make(page: Page, tool: string, file: string): Promise<string> {
  const run = await start(page, tool, file);
  await expect.poll(() => status(page, run), { timeout: 60_000 }).toBe("succeeded");
  return run;
}

async function balance(page: Page): Promise<Balance> {
  return (await page.request.get("/api/v1/balance")).json();
}

/** The credits column of the entries' CSV, added up. */
function csvSum(csv: string): number {
  const [head, ...rows] = csv.trim().split(/\r?\n/);
  const column = head?.split(",").indexOf("credits") ?? -1;
  return rows.reduce((sum, row) => sum + Number(row.split(",")[column]), 0);
}

async function downloadOf(page: Page, press: () => Promise<void>): Promise<{ name: string; text: string }> {
  const event = page.waitForEvent("download");
  await press();
  const download = await event;
  return { name: download.suggestedFilename(), text: readFileSync(await download.path(), "utf8") };
}

test("each history row says what, how much and what was left; a filter's sum is its CSV's", async ({
  page,
  baseURL,
}) => {
  const wrong = watch(page, baseURL);
  await signUp(page);
  await make(page, "image-convert", "photo.png");
  const read = await make(page, "text-recognition", "receipt-en.png");
  await page.goto("/credits");

  const rows = page.getByRole("table", { name: "Entries" }).locator("tbody tr");
  await expect(rows).toContainText([
    "Run: Read text from images",
    "Run: Convert and compress images",
    "Welcome credits",
  ]);
  // Whatever came or went, from which lot.
  await expect(rows).toContainText(["Welcome credits", "Welcome credits", "Welcome credits"]);
  await expect(amounts(page)).toHaveText(["\u22122", "\u22121", "+100"]);
  await expect(page.getByTestId("balance-after")).toHaveText(["97", "99", "100"]);
  await expect(rows.first().getByRole("link")).toHaveAttribute("href", `/runs/${read}`);
  await expect(page.getByTestId("entries-sum")).toHaveText("+97");

  await page.getByLabel("Tool", { exact: true }).selectOption({ label: "Read text from images" });
  await expect(amounts(page)).toHaveText(["\u22122"]);
  await expect(page.getByTestId("entries-sum")).toHaveText("\u22122");
  const { text } = await downloadOf(page, () => page.getByTestId("entries-csv").click());
  expect(csvSum(text)).toBe(-2);
  await page.reload();
  await expect(amounts(page)).toHaveText(["\u22122"]);
  await page.goBack();
  await expect(amounts(page)).toHaveCount(3);
  expect(wrong).toEqual([]);
});

test("a hold that expired stands among the entries, at its time, and says that nothing was charged", async ({
  page,
  baseURL,
}) => {
  const wrong = watch(page, baseURL);
  await signUp(page);
  // A hold of a tool elsewhere, told by the API as it would be: nothing places one here.
  await page.route("**/api/v1/holds?**status=expired**", (route) => {
    const at = new Date().toISOString();
    const hold = {
      holdId: "hold_1",
      credits: 8,
      status: "expired",
      expiresAt: at,
      createdAt: at,
      endedAt: at,
    };
    const cause = { cause: "tool:upscaler", reference: { type: "charge", id: "job-1" } };
    return route.fulfill({ json: { data: [{ ...hold, ...cause }], nextCursor: null } });
  });
  await page.goto("/credits");
  const rows = page.getByRole("table", { name: "Entries" }).locator("tbody tr");
  await expect(rows).toContainText(["Hold expired, nothing charged: upscaler", "Welcome credits"]);
  await expect(rows.first()).toContainText("returned");
  await expect(page.getByTestId("expired-hold")).toHaveText("8");
  await expect(amounts(page)).toHaveText(["+100"]);
  await page.getByLabel("Kind", { exact: true }).selectOption({ label: "Added" });
  await expect(page.getByTestId("expired-hold")).toHaveCount(0);
  expect(wrong).toEqual([]);
});

test("an entry's trace leads from how its credits came to the lot, the hold and the run", async ({
  page,
}) => {
  await signUp(page);
  const run = await make(page, "text-recognition", "receipt-en.png");
  await page.goto("/credits");
  await page.getByRole("button", { name: "Trace: Run: Read text from images" }).click();
  const steps = page.getByTestId("trace").locator(":scope > li");
  await expect(steps).toContainText([
    /Welcome credits.*\+100/,
    "98 available + 0 on hold + 2 used, expired or taken back = 100",
    "Put on hold",
    /Read text from images.*Done/,
    /Charged.*\u22122.*Balance after: 98/,
  ]);
  await expect(steps.getByRole("link", { name: "Open the run" })).toHaveAttribute("href", `/runs/${run}`);
  expect(await serious(page, "[role=dialog]")).toEqual([]);
  await page.keyboard.press("Escape");
  await expect(steps).toHaveCount(0);

  await page.goto("/credits?tab=lots");
  await page.getByRole("button", { name: "Trace: Welcome credits" }).click();
  await expect(steps).toContainText([/Welcome credits.*Nobody was charged/, "Lot: Welcome credits"]);
  await page.reload();
  await expect(steps).toHaveCount(2);
});

test("available and on hold are the lots' sum and the API's balance, also while a run holds", async ({
  page,
}) => {
  await signUp(page);
  const adds = ({ available, held, total, lots }: Balance) => {
    expect(available + held).toBe(total);
    expect(lots.reduce((sum, lot) => sum + lot.remaining, 0)).toBe(available);
    expect(lots.reduce((sum, lot) => sum + lot.held, 0)).toBe(held);
  };
  const run = await start(page, "upscale", "photo.png");
  adds(await balance(page));
  await page.goto("/credits?tab=lots");
  await expect.poll(() => status(page, run), { timeout: 60_000 }).toBe("succeeded");
  const now = await balance(page);
  adds(now);
  expect(now.held).toBe(0);
  await expect(page.getByTestId("lots-sum")).toContainText(
    `Available ${now.available} + on hold 0 = ${now.total}`,
  );
  await expect(page.getByTestId("lot-remaining")).toHaveText([`${now.available}`]);
  await page.goto("/dashboard");
  await expect(part(page, "Balance")).toContainText(new RegExp(`Available\\s*${now.available}`));
});

test("when credits expire stands on pricing, the balance card and the lots", async ({ page }) => {
  await signUp(page);
  await page.goto("/pricing");
  await expect(page.getByText("They do not expire").first()).toBeVisible();
  await page.goto("/dashboard");
  await expect(part(page, "Balance")).toContainText("No credits expire soon");
  await page.goto("/credits?tab=lots");
  await expect(page.getByRole("table", { name: "Lots" })).toContainText("No expiry");

  // Credits of a plan, told by the API as they would be: nothing sells them here yet.
  const at = "2031-12-31T12:00:00.000Z";
  await page.route("**/api/v1/balance", async (route) => {
    const known: Balance = await (await route.fetch()).json();
    const lots = known.lots.map((lot) => ({ ...lot, source: "plan", expiresAt: at }));
    await route.fulfill({ json: { ...known, lots, nextExpiry: { at, credits: 100 } } });
  });
  await page.reload();
  await expect(page.getByRole("table", { name: "Lots" })).toContainText("31 Dec 2031");
  await page.goto("/dashboard");
  await expect(part(page, "Balance")).toContainText("100 credits expire on 31 Dec 2031");
});

test("use per day has title, unit, zone, table and CSV; range and view survive reload and Back", async ({
  page,
}) => {
  await signUp(page);
  await make(page, "image-convert", "photo.png");
  await make(page, "text-recognition", "receipt-en.png");
  await page.goto("/dashboard");
  const chart = part(page, "Credits used per day");
  await expect(chart).toContainText("Credits · days in UTC time");
  await expect(chart).toContainText("3 credits in 30 days");
  await expect(chart.getByRole("button", { name: "30 days" })).toHaveAttribute("aria-pressed", "true");

  await chart.getByRole("button", { name: "7 days" }).click();
  await expect(page).toHaveURL(/days=7$/);
  await expect(chart).toContainText("3 credits in 7 days");
  await chart.getByRole("button", { name: "Table" }).click();
  await expect(page).toHaveURL(/days=7&view=table/);
  await page.reload();
  await expect(chart).toContainText("3 credits in 7 days");
  await expect(chart.getByRole("rowheader")).toHaveCount(8);
  const total = chart.getByRole("table").getByRole("row").last();
  await expect(total).toContainText("3");
  const csv = await downloadOf(page, () => chart.getByRole("button", { name: "Download CSV" }).click());
  expect(csv.name).toMatch(/^credits-used-\d{4}-\d\d-\d\d-\d{4}-\d\d-\d\d\.csv$/);
  const rows = csv.text.trim().split("\r\n").slice(1);
  expect(rows).toHaveLength(7);
  expect(rows.reduce((sum, row) => sum + Number(row.split(",").at(-1)), 0)).toBe(3);

  // Next takes a step back for done only when the server has answered; the next step must not overtake it.
  await page.goBack();
  await page.waitForLoadState("networkidle");
  await expect(chart.getByRole("table")).toBeHidden();
  await expect(chart.getByRole("button", { name: "7 days" })).toHaveAttribute("aria-pressed", "true");
  await page.goBack();
  await expect(chart.getByRole("button", { name: "30 days" })).toHaveAttribute("aria-pressed", "true");
});

test("a run begun elsewhere shows, ends and moves the balance without a reload", async ({ page }) => {
  await signUp(page);
  await page.goto("/dashboard");
  await expect(part(page, "Running now")).toContainText("Nothing is running");
  await expect(part(page, "Recent results")).toContainText("No results yet");
  const run = await start(page, "upscale", "photo.png");
  await expect(part(page, "Running now").locator(`a[href="/runs/${run}"]`)).toBeVisible();
  const result = part(page, "Recent results").locator(`a[href="/runs/${run}"]`);
  await expect(result).toBeVisible({ timeout: 60_000 });
  await expect(part(page, "Running now")).toContainText("Nothing is running");
  const { available } = await balance(page);
  await expect(part(page, "Balance")).toContainText(new RegExp(`Available\\s*${available}`));
  await expect(page.getByTestId("header-balance")).toContainText(`${available}`);
  await result.click();
  await expect(page).toHaveURL(new RegExp(`/runs/${run}$`));
});

test("the first visit's steps lead on, tick themselves off and stay away once hidden", async ({ page }) => {
  await signUp(page, { verify: false });
  await page.goto("/dashboard");
  const steps = part(page, "Three steps to know it");
  await expect(steps).toContainText("0 of 3 done");
  await expect(steps.getByRole("link", { name: "Check your mail" })).toHaveAttribute("href", "/verify");

  await page.context().clearCookies();
  await signUp(page);
  await page.goto("/dashboard");
  await expect(steps).toContainText("1 of 3 done");
  await make(page, "image-convert", "photo.png");
  await expect(steps).toContainText("2 of 3 done");
  await steps.getByRole("button", { name: "Hide these steps" }).click();
  await expect(steps).toBeHidden();
  await page.reload();
  await expect(part(page, "Balance")).toBeVisible();
  await expect(steps).toBeHidden();
});

test("a part that fails, fails alone, and comes back by its own Retry", async ({ page }) => {
  await signUp(page);
  await page.route("**/api/v1/usage?*", (route) =>
    route.fulfill({ status: 500, json: { title: "Internal", status: 500, code: "internal" } }),
  );
  await page.goto("/dashboard");
  const chart = part(page, "Credits used per day");
  await expect(chart).toContainText("The chart could not be loaded");
  await expect(part(page, "Balance")).toContainText("100");
  await expect(part(page, "Recent results")).toContainText("No results yet");
  await page.unroute("**/api/v1/usage?*");
  await chart.getByRole("button", { name: "Retry" }).click();
  await expect(chart).toContainText("Nothing was used in these 30 days");
});

test("axe finds nothing serious on dashboard and credits, and nothing is cut", async ({ page }) => {
  await signUp(page);
  await make(page, "image-convert", "photo.png");
  for (const path of ["/dashboard", "/dashboard?view=table", "/credits", "/credits?tab=lots"]) {
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.goto(path);
    const filled = page.getByText("Convert and compress images").or(page.getByText("Spent from here"));
    await expect(filled.filter({ visible: true }).first()).toBeVisible();
    expect(await serious(page)).toEqual([]);
    for (const width of [390, 320]) {
      await page.setViewportSize({ width, height: 844 });
      // A chart takes its new width a moment after the window did.
      await expect.poll(() => overflow(page), `${path} at ${width} pixels`).toBeLessThanOrEqual(0);
    }
  }
});
