import { expect, type FileChooser, type Locator, type Page, test } from "@playwright/test";
import { fixture, signUp } from "./support";

/** From sign-up to the history without a mouse, the focus always to be seen: UX.md's check 33. */

/** Presses Tab until this has the focus, and looks whether each stop on the way shows it. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  for (let stops = 0; stops < 80; stops++) {
    if (await target.evaluate((element) => element === document.activeElement).catch(() => false)) return;
    await page.keyboard.press("Tab");
    await expect.poll(() => unseenFocus(page)).toBeNull();
  }
  throw new Error(`Tab never came to ${target}.`);
}

/** What has the focus without showing it; null when it is seen, or nothing has it. */
async function unseenFocus(page: Page): Promise<string | null> {
  return await page.evaluate(() => {
    const element = document.activeElement;
    if (!element || element === document.body) return null;
    // The parts of a date take the focus one by one and show it within.
    if (element.matches("input[type=date]")) return null;
    const rings = [element, element.closest("label"), element.parentElement, element.nextElementSibling];
    const seen = rings.some((ring) => {
      if (!ring) return false;
      const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(ring);
      return (outlineStyle !== "none" && outlineWidth !== "0px") || boxShadow !== "none";
    });
    return seen ? null : element.outerHTML.slice(0, 200);
  });
}

/** G, then a letter; again where a busy host took longer between the two than a hand does. */
async function go(page: Page, letter: string, url: RegExp): Promise<void> {
  await expect(async () => {
    await page.keyboard.press("g");
    await page.keyboard.press(letter);
    await expect(page).toHaveURL(url, { timeout: 3_000 });
  }).toPass();
}

test("sign up, run a tool and read the history by keyboard", async ({ page }) => {
  await page.goto("/sign-up");
  await tabTo(page, page.getByLabel("Name"));
  await page.keyboard.type("Katherine Example");
  await tabTo(page, page.getByLabel("Mail address"));
  await page.keyboard.type(`keyboard-${Date.now()}@example.com`);
  await tabTo(page, page.getByLabel("Password", { exact: true }));
  await page.keyboard.type("a long enough password");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Check your mail" })).toBeVisible();
  await page.context().clearCookies();

  await signUp(page);
  await page.goto("/dashboard");
  await go(page, "t", /\/tools$/);
  const tool = page.getByRole("main").getByRole("link", { name: /Convert and compress images/ });
  await tabTo(page, tool);
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/tools\/image-convert/);
  // The dialog that picks a file is the system's; the keyboard opens it.
  const upload = page.getByRole("button", { name: /choose/i }).first();
  await tabTo(page, upload);
  const choosers: FileChooser[] = [];
  page.on("filechooser", (chooser) => choosers.push(chooser));
  await expect(async () => {
    await page.keyboard.press("Enter");
    await expect.poll(() => choosers.length, { timeout: 3_000 }).toBeGreaterThan(0);
  }).toPass();
  await choosers[0]?.setFiles(fixture("photo.png"));
  await expect(page.getByTestId("run")).not.toHaveAttribute("aria-disabled");
  await expect(page.getByTestId("run")).toContainText("·");
  await page.keyboard.press("ControlOrMeta+Enter");
  await expect(page.getByTestId("run-view")).toHaveAttribute("data-status", "succeeded", { timeout: 60_000 });
  const runId = /run_[0-9a-z]+/.exec(page.url())?.[0] ?? "";

  await go(page, "c", /\/credits/);
  const entry = page.getByRole("main").locator(`a[href="/runs/${runId}"]`).first();
  await tabTo(page, entry);
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(new RegExp(runId));
});
