import { type BrowserContext, expect, type Page, test } from "@playwright/test";
import { overflow, serious, signUp } from "./support";

/** Every page of a customer, as UX.md's checks 1, 2, 3, 6, 38 and 39 ask it of all of them. */

const paths = [
  "/dashboard",
  "/tools",
  "/tools/image-convert",
  "/tools/write",
  "/runs",
  "/credits",
  "/credits?tab=lots",
  "/account",
];

let context: BrowserContext;
let page: Page;

test.beforeAll(async ({ browser }) => {
  context = await browser.newContext();
  page = await context.newPage();
  await signUp(page);
});

test.afterAll(() => context.close());

for (const [language, lang] of [
  ["en", "en"],
  ["zh", "zh-Hans"],
] as const) {
  test(`a customer's pages fit 390 and 320 pixels and 200 % of a small window, ${language}`, async ({
    baseURL,
  }) => {
    test.setTimeout(240_000);
    await context.addCookies([{ name: "locale", value: language, url: baseURL ?? "" }]);
    for (const path of paths) {
      await page.setViewportSize({ width: 390, height: 844 });
      await page.goto(path);
      await expect(page.locator("html")).toHaveAttribute("lang", lang);
      await expect(page.locator("h1").first()).toBeVisible();
      // A window of 640 pixels at 200 % is one of 320.
      for (const width of [390, 320]) {
        await page.setViewportSize({ width, height: 844 });
        await expect.poll(() => overflow(page), `${path} at ${width} pixels`).toBeLessThanOrEqual(0);
      }
    }
  });
}

test("axe finds nothing serious on the other pages of a customer", async ({ baseURL }) => {
  test.setTimeout(480_000);
  await context.addCookies([{ name: "locale", value: "en", url: baseURL ?? "" }]);
  await page.setViewportSize({ width: 1440, height: 900 });
  for (const path of ["/runs", "/account", "/dev/ui", "/dev/mailbox"]) {
    await page.goto(path);
    await expect(page.locator("h1").first()).toBeVisible();
    expect(await serious(page), path).toEqual([]);
  }
});

test("dashboard and tool page do not move while they load", async () => {
  await page.setViewportSize({ width: 1440, height: 900 });
  for (const path of ["/dashboard", "/tools/image-convert"]) {
    await page.goto(path);
    await page.waitForLoadState("networkidle");
    const shift = await page.evaluate(
      () =>
        new Promise<number>((resolve) => {
          new PerformanceObserver((list) => {
            let sum = 0;
            for (const entry of list.getEntries()) if ("value" in entry) sum += Number(entry.value);
            resolve(sum);
          }).observe({ type: "layout-shift", buffered: true });
          // No entry is called for where nothing moved.
          requestAnimationFrame(() => requestAnimationFrame(() => resolve(0)));
        }),
    );
    expect(shift, path).toBeLessThan(0.05);
  }
});

test("every list has its empty, loading, failed and no-match state on /dev/ui, under the DEVELOPMENT bar", async () => {
  await page.goto("/dev/ui");
  await expect(page.getByText("DEVELOPMENT").first()).toBeVisible();
  for (const words of ["No runs yet", "Nothing matches", "This part could not be loaded", "loading"]) {
    await expect(page.getByText(words).first()).toBeVisible();
  }
});
