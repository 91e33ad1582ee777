import { expect, type Locator, type Page, test } from "@playwright/test";
import { available, fixture, openTool as open, overflow, serious, signUp, watch } from "./support";

/** Running tools, as UX.md's checks 10-17 and 19-22 ask it: on real files, by the real worker. */

const files = (page: Page): Locator => page.locator("input[type=file]");
const runButton = (page: Page): Locator => page.getByTestId("run");
const run = (page: Page): Locator => page.getByTestId("run-view");
const receipt = (page: Page): Locator => page.getByTestId("receipt");
const header = (page: Page): Locator => page.getByTestId("header-balance");

/** Adds a file and waits for its price. */
async function give(page: Page, name: string): Promise<void> {
  await files(page).setInputFiles(fixture(name));
  await expect(runButton(page)).toContainText("·");
  await expect(runButton(page)).not.toHaveAttribute("aria-disabled");
}

async function finished(page: Page): Promise<void> {
  await expect(run(page)).toHaveAttribute("data-status", "succeeded", { timeout: 60_000 });
}

async function runCount(page: Page): Promise<number> {
  const answer = await page.request.get("/api/v1/runs");
  return (await answer.json()).data.length;
}

test("an image is converted: price and balance before, slider, receipt and history after", async ({
  page,
  baseURL,
}) => {
  const wrong = watch(page, baseURL);
  await signUp(page);
  await open(page, "image-convert");
  await give(page, "photo.png");
  await expect(runButton(page)).toContainText("Run · 1 credit");
  await expect(page.getByText("Balance after: 99")).toBeVisible();

  await runButton(page).click();
  await finished(page);
  await expect(receipt(page)).toContainText("1 credit charged");
  await expect(receipt(page)).toContainText("99 left");
  await expect(header(page)).toContainText("99");
  await expect(page).toHaveTitle(/^Done · /);

  const slider = page.getByRole("slider", { name: "Compare before and after" });
  await slider.focus();
  await page.keyboard.press("End");
  await expect(slider).toHaveValue("100");
  await page.keyboard.press("Home");
  await expect(slider).toHaveValue("0");
  await page.keyboard.press("ArrowRight");
  await expect(slider).toHaveValue("1");

  const download = page.waitForEvent("download");
  await page.getByRole("link", { name: "Download", exact: true }).press("Enter");
  expect((await download).suggestedFilename()).toBe("photo.webp");

  await page.getByRole("tab", { name: "History" }).click();
  await expect(page.getByRole("table").getByText("photo.png")).toBeVisible();
  expect(wrong).toEqual([]);
});

test("the price moves with the files", async ({ page }) => {
  await signUp(page);
  await open(page, "image-convert");
  await give(page, "photo.png");
  await files(page).setInputFiles(fixture("receipt-en.png"));
  await expect(runButton(page)).toContainText("Run · 2 credits");
  await expect(page.getByText("Balance after: 98")).toBeVisible();
  await page.getByRole("button", { name: "Remove photo.png" }).click();
  await expect(runButton(page)).toContainText("Run · 1 credit");
  await expect(page.getByText("Balance after: 99")).toBeVisible();
});

test("a double click, ⌘↵ twice and a request repeated after a lost answer are one run", async ({ page }) => {
  await signUp(page);
  await open(page, "image-convert");
  await give(page, "photo.png");
  await runButton(page).dblclick();
  await finished(page);
  expect(await runCount(page)).toBe(1);

  await page.getByRole("button", { name: "Reset" }).click();
  await give(page, "receipt-en.png");
  const first = page.url();
  await page.keyboard.press("Control+Enter");
  await page.keyboard.press("Control+Enter");
  await expect(page).not.toHaveURL(first);
  await finished(page);
  expect(await runCount(page)).toBe(2);

  // The server starts the run; its answer never arrives.
  await page.getByRole("button", { name: "Reset" }).click();
  await give(page, "notice-zh.png");
  await page.route("**/runs", async (route) => {
    await route.fetch();
    await route.abort();
  });
  await runButton(page).click();
  await expect(page.getByTestId("start-problem")).toContainText("same run");
  await page.unroute("**/runs");
  const second = page.url();
  await runButton(page).click();
  await expect(page).not.toHaveURL(second);
  await finished(page);
  expect(await runCount(page)).toBe(3);
  expect(await available(page)).toBe(97);
});

test("files come by click, drop and paste; a wrong or large one is refused at once", async ({ page }) => {
  await signUp(page);
  await open(page, "image-convert");
  const drop = (type: "drop" | "paste", name: string, mediaType: string, bytes: number) =>
    page.evaluate(
      ([event, fileName, fileType, size]) => {
        const data = new DataTransfer();
        data.items.add(new File([new Uint8Array(Number(size))], `${fileName}`, { type: `${fileType}` }));
        const init = { bubbles: true, cancelable: true };
        window.dispatchEvent(
          event === "drop"
            ? new DragEvent("drop", { ...init, dataTransfer: data })
            : new ClipboardEvent("paste", { ...init, clipboardData: data }),
        );
      },
      [type, name, mediaType, bytes] as const,
    );
  await drop("drop", "song.mp3", "audio/mpeg", 10);
  await expect(
    page
      .getByText("song.mp3 is not one of: PNG, JPEG")
      .or(page.getByText("song.mp3 is not one of: JPEG, PNG")),
  ).toBeVisible();
  await drop("drop", "huge.png", "image/png", 26_000_000);
  await expect(page.getByText(/huge\.png is 26 MB; the limit is 25 MB/)).toBeVisible();
  // By its name a picture, by its content none: the server looks inside.
  await drop("paste", "fake.png", "image/png", 10);
  await expect(page.getByTestId("file-row")).toContainText("not supported");
  await expect(page.getByText("A file cannot be used. Remove it or choose another.")).toBeVisible();
  await expect(page.getByRole("button", { name: "Retry upload of fake.png" })).toHaveCount(0);
  await page.getByRole("button", { name: "Remove fake.png" }).click();
  await give(page, "photo.png");
  expect(await available(page)).toBe(100);
});

test("a run is a URL: a reload and a second browser show it, also while it runs", async ({
  page,
  browser,
}) => {
  const customer = await signUp(page);
  await open(page, "upscale");
  await give(page, "photo.png");
  await runButton(page).click();
  await expect(page).toHaveURL(/run=run_/);
  await page.reload();
  await expect(run(page)).toHaveAttribute("data-status", /queued|running|succeeded/);
  await expect(page.getByTestId("file-row")).toContainText("photo.png");

  const id = new URL(page.url()).searchParams.get("run");
  const other = await (await browser.newContext()).newPage();
  await other.goto(`/runs/${id}`);
  await other.getByLabel("Mail address").fill(customer.email);
  await other.getByLabel("Password", { exact: true }).fill(customer.password);
  await other.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(other).toHaveURL(new RegExp(`/runs/${id}`));
  await finished(other);
  await finished(page);
  await expect(other.getByText("480 × 360")).toBeVisible();
  await other.context().close();
});

test("somebody else's run answers 404", async ({ page, browser, baseURL }) => {
  await signUp(page);
  await open(page, "image-convert");
  await give(page, "photo.png");
  await runButton(page).click();
  await finished(page);
  const id = new URL(page.url()).searchParams.get("run");
  const context = await browser.newContext({ ...(baseURL && { baseURL }) });
  const stranger = await context.newPage();
  await signUp(stranger);
  expect((await stranger.goto(`/runs/${id}`))?.status()).toBe(404);
  await expect(stranger.getByRole("heading", { name: "This page does not exist" })).toBeVisible();
  await expect(stranger.getByRole("banner")).toHaveCount(1);
  expect((await stranger.request.get(`/api/v1/runs/${id}`)).status()).toBe(404);
  await context.close();
});

test("a canceled run returns its credits, and the header says so without a reload", async ({ page }) => {
  await signUp(page);
  await open(page, "upscale");
  await give(page, "photo.png");
  await runButton(page).click();
  await page.getByTestId("cancel-run").click();
  await expect(run(page)).toHaveAttribute("data-status", "canceled");
  await expect(run(page)).toContainText("returned to your balance");
  await expect(header(page)).toContainText("100");
  await page.goto("/runs?status=canceled");
  await expect(page.getByRole("table").getByText("Not charged")).toBeVisible();
});

test("a failed run says why, that nothing was charged, and to change the input where the same would fail again", async ({
  page,
}) => {
  await signUp(page);
  await open(page, "text-recognition");
  await give(page, "photo.png");
  await runButton(page).click();
  await expect(run(page)).toHaveAttribute("data-status", "failed", { timeout: 60_000 });
  await expect(run(page)).toContainText("You weren’t charged");
  await expect(run(page)).toContainText("Nothing to read was found");
  await expect(run(page)).toContainText(/run_[0-9a-z]{26}/);
  expect(await available(page)).toBe(100);
  await expect(run(page).getByText("Choose another input")).toBeVisible();
  await expect(page.getByRole("button", { name: /^Retry/ })).toHaveCount(0);
  const [id] = (await run(page).textContent())?.match(/run_[0-9a-z]{26}/) ?? [];
  await page.goto(`/runs/${id}`);
  await page.getByRole("link", { name: "Change the input" }).click();
  await expect(page.getByTestId("file-row")).toHaveCount(1);
});

test("offline, Run says why it waits; a run that goes on shows its end on return", async ({
  page,
  context,
}) => {
  await signUp(page);
  await open(page, "image-convert");
  await give(page, "photo.png");
  await context.setOffline(true);
  await expect(runButton(page)).toHaveAttribute("aria-disabled", "true");
  await expect(page.getByText("You are offline").first()).toBeVisible();
  await context.setOffline(false);
  await expect(runButton(page)).not.toHaveAttribute("aria-disabled");
  await runButton(page).click();
  await expect(run(page)).toBeVisible();
  await context.setOffline(true);
  await context.setOffline(false);
  await finished(page);
});

test("a session that ended is renewed over the page: input, upload and address stay", async ({
  page,
  context,
}) => {
  const customer = await signUp(page);
  await open(page, "image-convert");
  await give(page, "photo.png");
  await page.getByLabel("Width").fill("120");
  await expect(page.getByTestId("run-bar")).not.toHaveAttribute("aria-busy");
  const url = page.url();
  await context.clearCookies({ name: /session/ });
  await runButton(page).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Password", { exact: true }).fill(customer.password);
  await dialog.getByRole("button", { name: "Sign in", exact: true }).click();
  await finished(page);
  expect(page.url()).toContain(url);
  await expect(page.getByLabel("Width")).toHaveValue("120");
  await expect(page.getByTestId("file-row")).toContainText("photo.png");
  await expect(run(page)).toContainText("120 × 90");
});

test("text is read, copied and run again by keyboard", async ({ page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await signUp(page);
  await open(page, "text-recognition");
  await give(page, "receipt-en.png");
  await runButton(page).press("Enter");
  await finished(page);
  await page.getByRole("button", { name: "Copy", exact: true }).press("Enter");
  await expect
    .poll(() => page.evaluate(() => navigator.clipboard.readText()))
    .toContain("Garden Street Bakery");
  const first = page.url();
  await page.getByRole("button", { name: "Run again · 2 credits" }).press("Enter");
  await expect(page).not.toHaveURL(first);
  await finished(page);
});

test("a document becomes Markdown with its headings", async ({ page }) => {
  await signUp(page);
  await open(page, "document-to-markdown");
  await give(page, "report.docx");
  await runButton(page).click();
  await finished(page);
  await expect(run(page).getByRole("heading", { name: "Annual report" })).toBeVisible();
  await page.getByRole("button", { name: "Source" }).click();
  await expect(run(page)).toContainText("# Annual report");
});

test("a visitor fills the form first; signing in keeps it and sends the file", async ({ page, browser }) => {
  const context = await browser.newContext();
  const customer = await signUp(await context.newPage());
  await context.close();
  await open(page, "image-convert");
  await files(page).setInputFiles(fixture("photo.png"));
  await expect(page.getByTestId("file-row")).toHaveAttribute("data-state", "waiting");
  await runButton(page).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Mail address").fill(customer.email);
  await dialog.getByLabel("Password", { exact: true }).fill(customer.password);
  await dialog.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(page.getByTestId("file-row")).toHaveAttribute("data-state", "done");
  await expect(runButton(page)).toContainText("Run · 1 credit");
});

test("who has not confirmed the mail address is told so, and gets the link again", async ({ page }) => {
  await signUp(page, { verify: false });
  await open(page, "image-convert");
  await page.getByRole("button", { name: "Send it again" }).click();
  await expect(page.getByText("Sent. Look in your inbox")).toBeVisible();
});

test("too few credits: need, have, short and the files that fit; the form stays", async ({ page }) => {
  await signUp(page);
  await open(page, "image-convert");
  // A balance of 1 against two pictures, told by the API as it would be.
  await page.route("**/quote", async (route) => {
    const answer = await route.fetch();
    const quote = await answer.json();
    const short = Math.max(0, quote.credits - 1);
    await route.fulfill({
      json: { ...quote, available: 1, availableAfter: Math.max(0, 1 - quote.credits), short },
    });
  });
  await files(page).setInputFiles([fixture("photo.png"), fixture("receipt-en.png")]);
  const shortfall = page.getByTestId("shortfall");
  await expect(shortfall).toContainText("Not enough credits");
  await expect(shortfall.getByRole("button", { name: "Buy 500 credits for $9" })).toBeVisible();
  await expect(runButton(page)).toHaveAttribute("aria-disabled", "true");
  await shortfall.getByRole("button", { name: "Keep the first file" }).click();
  await expect(shortfall).toBeHidden();
  await expect(page.getByTestId("file-row")).toHaveCount(1);
  await expect(runButton(page)).toContainText("Run · 1 credit");
});

test("the gallery is searched by `/`, offers near names, and keeps its view in the address", async ({
  page,
}) => {
  await page.goto("/tools");
  await page.keyboard.press("/");
  await page.keyboard.type("markdwon");
  await expect(page.getByText("No tool is called “markdwon”")).toBeVisible();
  await expect(page.getByRole("link", { name: /Turn documents into Markdown/ })).toBeVisible();
  await page.getByRole("button", { name: "Show all tools" }).click();
  await page.getByRole("button", { name: "Images", exact: true }).click();
  await expect(page).toHaveURL(/category=images/);
  await page.reload();
  await expect(page.getByRole("button", { name: "Images", exact: true })).toHaveAttribute(
    "aria-pressed",
    "true",
  );
  await expect(page.getByRole("link", { name: /Turn documents into Markdown/ })).toBeHidden();
});

test("axe finds nothing serious on tool and run pages", async ({ page }) => {
  await signUp(page);
  const check = async () => {
    expect(await serious(page)).toEqual([]);
    expect(await overflow(page)).toBeLessThanOrEqual(0);
  };
  await page.goto("/tools");
  await check();
  await open(page, "image-convert");
  await check();
  await give(page, "photo.png");
  await runButton(page).click();
  await finished(page);
  await check();
  await page.goto(`/runs/${new URL(page.url()).searchParams.get("run")}`);
  await finished(page);
  await check();
  await page.goto("/runs");
  await expect(page.getByRole("table")).toBeVisible();
  await check();
});
