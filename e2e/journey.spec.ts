import { expect, type Page, test } from "@playwright/test";
import { available, fixture, openTool, watch } from "./support";

/** The whole way: sign up through the mailbox, run every tool on a real file, see where each credit went. */

type Output = { url: string; mediaType: string; width: number | null; height: number | null };

/** Runs a tool on one file in the browser. @returns the first thing it made, and its text if it is one. */
async function runTool(page: Page, slug: string, file: string): Promise<Output & { text: string }> {
  await openTool(page, slug);
  // The form keeps what it was given last.
  await page.getByRole("button", { name: "Reset" }).click();
  await expect(page.getByTestId("file-row")).toHaveCount(0);
  await page.locator("input[type=file]").setInputFiles(fixture(file));
  const button = page.getByTestId("run");
  await expect(button).toContainText("Run · ");
  await expect(button).not.toHaveAttribute("aria-disabled");
  await button.click();
  await expect(page.getByTestId("run-view")).toHaveAttribute("data-status", "succeeded", { timeout: 60_000 });
  const id = /run_[0-9a-z]+/.exec(page.url())?.[0];
  const run = await (await page.request.get(`/api/v1/runs/${id}`)).json();
  const [output]: Output[] = run.outputs;
  if (!output) throw new Error(`${slug} made nothing.`);
  const body = await page.request.get(output.url);
  expect(body.ok()).toBe(true);
  return { ...output, text: output.mediaType.startsWith("text/") ? await body.text() : "" };
}

test("sign up, confirm by the mailbox, run every tool, and find every credit again", async ({
  page,
  baseURL,
}) => {
  test.setTimeout(240_000);
  const email = `journey-${Date.now()}@example.com`;

  await page.goto("/sign-up?next=%2Fpricing");
  await page.getByLabel("Name").fill("Grace Example");
  await page.getByLabel("Mail address").fill(email);
  await page.getByLabel("Password", { exact: true }).fill("a long enough password");
  await page.getByRole("button", { name: "Sign up", exact: true }).click();
  await expect(page.getByRole("heading", { name: "Check your mail" })).toBeVisible();

  await page.goto(`/dev/mailbox?search=${encodeURIComponent(email)}`);
  const link = page.getByRole("region", { name: "Links" }).getByRole("link", { name: /\/verify\?token=/ });
  await page.goto((await link.first().getAttribute("href")) ?? "");
  await expect(page.getByRole("heading", { name: "Your address is confirmed" })).toBeVisible();
  await expect(page.getByRole("link", { name: "Go on where you were" })).toHaveAttribute("href", "/pricing");
  await expect.poll(() => available(page)).toBe(100);
  // From here on: the mailbox shows mails in a frame that refuses every script, the test runner's too.
  const wrong = watch(page, baseURL);

  const english = await runTool(page, "text-recognition", "receipt-en.png");
  expect(english.text).toContain("Garden Street Bakery");
  const chinese = await runTool(page, "text-recognition", "notice-zh.png");
  expect(chinese.text).toContain("花园街面包店");
  expect(await available(page)).toBe(96);

  const pdf = await runTool(page, "document-to-markdown", "report.pdf");
  expect(pdf.text).toMatch(/^# Annual report/);
  expect(pdf.text).toContain("## 春季计划");
  expect(await available(page)).toBe(94);
  const word = await runTool(page, "document-to-markdown", "report.docx");
  expect(word.text).toContain("# Annual report");

  const picture = await runTool(page, "image-convert", "photo.png");
  expect(picture).toMatchObject({ mediaType: "image/webp", width: 240, height: 180 });
  const large = await runTool(page, "upscale", "photo.png");
  expect(large).toMatchObject({ width: 480, height: 360 });

  const left = await available(page);
  await expect(page.getByTestId("header-balance")).toContainText(String(left));
  await page.goto("/credits");
  await expect(page.getByText("Welcome credits").first()).toBeVisible();
  // Welcome, and one charge for each of the six runs.
  await expect(page.getByTestId("amount")).toHaveCount(7);
  await expect(page.getByTestId("why-sum")).toHaveText(String(left));
  await page.goto("/runs");
  await expect(page.getByRole("table").getByRole("row")).toHaveCount(7);
  expect(wrong).toEqual([]);
});

test("sign out, forget the password, set a new one by mail and sign in with it", async ({ page }) => {
  const email = `forgetful-${Date.now()}@example.com`;
  await page.goto("/sign-up?next=%2Fpricing");
  await page.getByLabel("Name").fill("Grace Example");
  await page.getByLabel("Mail address").fill(email);
  await page.getByLabel("Password", { exact: true }).fill("a long enough password");
  await page.getByRole("button", { name: "Sign up", exact: true }).click();
  await expect(page.getByRole("heading", { name: "Check your mail" })).toBeVisible();

  await page.goto("/forgot");
  await page.getByLabel("Mail address").fill(email);
  await page.getByRole("button", { name: "Send the link" }).click();
  await expect(page.getByRole("heading", { name: "Check your mail" })).toBeVisible();
  await page.goto(`/dev/mailbox?search=${encodeURIComponent(email)}`);
  const link = page.getByRole("region", { name: "Links" }).getByRole("link", { name: /\/reset\?token=/ });
  await page.goto((await link.first().getAttribute("href")) ?? "");
  await page.getByLabel("New password", { exact: true }).fill("another long password");
  await page.getByRole("button", { name: "Set the password" }).click();
  await expect(page.getByRole("heading", { name: "Your password is set" })).toBeVisible();

  await page.goto("/sign-in");
  await page.getByLabel("Mail address").fill(email);
  await page.getByLabel("Password", { exact: true }).fill("a long enough password");
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(page.getByRole("alert").filter({ hasText: /./ }).first()).toBeVisible();
  await page.getByLabel("Password", { exact: true }).fill("another long password");
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(page).not.toHaveURL(/sign-in/);
  await page.goto("/account");
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
});
