import { execFile } from "node:child_process";
import { promisify } from "node:util";
import AxeBuilder from "@axe-core/playwright";
import { expect, type Page, type Response } from "@playwright/test";

/** What every test of the whole product begins with. */

export type Customer = { email: string; password: string };

/** Signs up, opens the link in the mail, and stays signed in; welcome credits are there when it returns. */
export async function signUp(page: Page, { verify = true } = {}): Promise<Customer> {
  const email = `customer-${crypto.randomUUID()}@example.com`;
  const password = `correct horse ${Date.now()}`;
  await auth(page, "/sign-up/email", { name: "Ada Example", email, password });
  if (!verify) {
    await auth(page, "/sign-in/email", { email, password });
    return { email, password };
  }
  const token = await confirmationToken(page, email);
  await auth(page, "/verify-email", { token });
  await expect.poll(() => available(page)).toBeGreaterThan(0);
  return { email, password };
}

/** Makes somebody who has signed up an owner, as the operator does in a terminal of the site with this data. */
export async function makeOwner(
  { email }: Customer,
  dataDir = process.env.E2E_DATA_DIR ?? ".data/e2e",
): Promise<void> {
  const env = { ...process.env, DATA_DIR: dataDir };
  await promisify(execFile)("npm", ["run", "ops", "--", "owner", email], { env });
}

/**
 * What axe calls serious or critical on the page as it stands, in light and, where that changes a rule's answer, in
 * dark.
 * @param within looks at a part of it only.
 */
export async function serious(page: Page, within?: string): Promise<string[]> {
  await wear(page, "light");
  const found = await violations(axe(page, within));
  await wear(page, "dark");
  const dark = await violations(axe(page, within).withRules(["color-contrast", "link-in-text-block"]));
  await wear(page, "light");
  return [...found, ...dark.map((violation) => `dark ${violation}`)];
}

/** Rules that axe itself ranks as moderate or minor: they change no answer here, and take a third of its time. */
const slight = [
  ...["aria-allowed-role", "aria-deprecated-role", "duplicate-id", "empty-heading", "empty-table-header"],
  ...["focus-order-semantics", "form-field-multiple-labels", "heading-order", "hidden-content"],
  ...["html-xml-lang-mismatch", "identical-links-same-purpose", "image-redundant-alt"],
  ...["landmark-banner-is-top-level", "landmark-complementary-is-top-level"],
  ...["landmark-contentinfo-is-top-level", "landmark-main-is-top-level", "landmark-no-duplicate-banner"],
  ...["landmark-no-duplicate-contentinfo", "landmark-no-duplicate-main", "landmark-one-main"],
  ...["landmark-unique", "meta-refresh-no-exceptions", "meta-viewport", "meta-viewport-large"],
  ...["no-autoplay-audio", "page-has-heading-one", "presentation-role-conflict", "region"],
  ...["scope-attr-valid", "server-side-image-map", "skip-link", "table-duplicate-name"],
];

function axe(page: Page, within: string | undefined): AxeBuilder {
  // Its usual way puts results together in a page of its own, which never opens beside a letter's document.
  // What passes is not described, which takes as long as to find what does not.
  const whole = new AxeBuilder({ page })
    .exclude("iframe[sandbox]")
    .setLegacyMode()
    .options({ resultTypes: ["violations"], preload: false })
    .disableRules(slight);
  return within ? whole.include(within) : whole;
}

async function violations(axe: AxeBuilder): Promise<string[]> {
  const { violations } = await axe.analyze();
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
}

/** Changes the scheme and waits until nothing moves any more that comes to an end: colors, a dialog that fades in. */
async function wear(page: Page, colorScheme: "light" | "dark"): Promise<void> {
  await page.emulateMedia({ colorScheme });
  await page.waitForFunction(
    () =>
      !document
        .getAnimations()
        .some(
          ({ playState, effect }) =>
            playState === "running" && effect?.getComputedTiming().iterations !== Number.POSITIVE_INFINITY,
        ),
  );
}

/** By how many pixels the page is wider than its window; 0 or less when nothing is cut. */
export function overflow(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
}

/** The balance that the API tells whoever is signed in. */
export async function available(page: Page): Promise<number> {
  const answer = await page.request.get("/api/v1/balance");
  expect(answer.ok()).toBe(true);
  return (await answer.json()).available;
}

/** Goes to a page and waits until its buttons listen, which the server's HTML does not yet. */
export async function visit(page: Page, path: string): Promise<Response | null> {
  const answer = await page.goto(path);
  await page.waitForFunction(() =>
    [...document.querySelectorAll("button")].every((button) =>
      Object.keys(button).some((key) => key.startsWith("__reactProps")),
    ),
  );
  return answer;
}

/** Opens a tool's page and waits until it listens: then drops and keys reach it, too. */
export async function openTool(page: Page, slug: string): Promise<void> {
  await page.goto(`/tools/${slug}`);
  await expect(async () => {
    await page.getByRole("tab", { name: "API" }).click();
    await expect(page.getByRole("button", { name: "Python" })).toBeVisible({ timeout: 500 });
  }).toPass();
  await page.getByRole("tab", { name: "Form" }).click();
}

/** A file of e2e/fixtures. */
export function fixture(name: string): string {
  return `e2e/fixtures/${name}`;
}

/** Everything that a page must not do: errors in the console, requests to anybody else. */
export function watch(page: Page, baseURL: string | undefined): string[] {
  const wrong: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error") wrong.push(`${message.text()} ${message.location().url}`);
  });
  page.on("pageerror", (error) => wrong.push(error.message));
  page.on("request", (request) => {
    const url = request.url();
    if (url.startsWith("http") && !url.startsWith(`${baseURL}/`)) wrong.push(url);
  });
  return wrong;
}

async function auth(page: Page, path: string, data: object): Promise<void> {
  const origin = new URL((await page.request.get("/api/healthz")).url()).origin;
  const answer = await page.request.post(`/api/auth${path}`, { data, headers: { origin } });
  expect(answer.status(), await answer.text()).toBeLessThan(300);
}

/** The token of the link in the mail that asks to confirm the address. */
async function confirmationToken(page: Page, email: string): Promise<string> {
  const mails = async (): Promise<{ id: string }[]> => {
    const answer = await page.request.get(`/api/dev/mails?to=${encodeURIComponent(email)}`);
    return (await answer.json()).data;
  };
  await expect.poll(async () => (await mails()).length).toBeGreaterThan(0);
  const [mail] = await mails();
  const detail: { links: string[] } = await (await page.request.get(`/api/dev/mails/${mail?.id}`)).json();
  const tokens = detail.links.map((link) => new URL(link).searchParams.get("token"));
  const token = tokens.find((found) => found !== null);
  if (!token) throw new Error(`No link with a token in the mail to ${email}.`);
  return token;
}
