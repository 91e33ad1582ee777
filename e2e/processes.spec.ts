import { chmodSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, expect, type Page, test } from "@playwright/test";
import sharp from "sharp";
import { type SiteProcess, spawnSite } from "../test/spawn";
import { available, signUp } from "./support";

/** One process or several, stopped or killed with a run in flight: UX.md's check 17 and what a restart keeps. */

test.setTimeout(360_000);

let folder = "";
let sites: SiteProcess[] = [];

test.beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "toolmint-processes-"));
  // PostgreSQL's own user must get in.
  chmodSync(folder, 0o755);
});

test.afterEach(async () => {
  for (const site of sites) site.signal("SIGINT");
  await Promise.all(sites.map(({ ended }) => ended));
  sites = [];
  rmSync(folder, { recursive: true, force: true });
});

async function site(
  role: "all" | "web" | "worker",
  settings: Record<string, string> = {},
): Promise<SiteProcess> {
  const started = await spawnSite({ ROLE: role, DATA_DIR: folder, ...settings });
  sites.push(started);
  await started.ready();
  return started;
}

const databaseRuns = (): boolean => existsSync(join(folder, "postgres/postmaster.pid"));

/** A customer with a browser of his own, on this site. */
async function aCustomer(browser: Browser, { url }: SiteProcess): Promise<Page> {
  const page = await (await browser.newContext({ baseURL: url })).newPage();
  await signUp(page);
  return page;
}

/** Starts a run that takes some seconds. */
async function startRun(page: Page): Promise<{ id: string; price: number }> {
  const background = { r: 240, g: 120, b: 40 };
  const picture = await sharp({ create: { width: 480, height: 360, channels: 3, background } })
    .png()
    .toBuffer();
  const { origin } = new URL((await page.request.get("/api/healthz")).url());
  const upload = await page.request.post("/api/v1/uploads", {
    headers: { origin, "idempotency-key": "the-picture" },
    multipart: { file: { name: "orange.png", mimeType: "image/png", buffer: picture } },
  });
  const answer = await page.request.post("/api/v1/tools/upscale/runs", {
    headers: { origin, "idempotency-key": "the-run" },
    data: { input: { image: [(await upload.json()).id] } },
  });
  expect(answer.status(), await answer.text()).toBe(201);
  const { id } = await answer.json();
  const { held } = await (await page.request.get("/api/v1/balance")).json();
  return { id, price: held };
}

async function reach(page: Page, run: string, status: RegExp): Promise<void> {
  const read = async () => (await (await page.request.get(`/api/v1/runs/${run}`)).json()).status;
  await expect.poll(read, { timeout: 90_000, intervals: [100] }).toMatch(status);
}

/** A run that is over was charged once, or not at all and everything came back. */
async function expectSettled(page: Page, run: string, price: number): Promise<void> {
  const { status } = await (await page.request.get(`/api/v1/runs/${run}`)).json();
  const { available: left, held } = await (await page.request.get("/api/v1/balance")).json();
  expect({ status, left, held }).toEqual({
    status,
    left: 100 - (status === "succeeded" ? price : 0),
    held: 0,
  });
}

test("pages and worker as two processes: a worker killed midway leaves a run that ends, and both stop", async ({
  browser,
}) => {
  const web = await site("web");
  const page = await aCustomerWithWorker(browser, web);
  const { id, price } = await startRun(page);
  await page.goto(`/runs/${id}`);
  const view = page.getByTestId("run-view");
  await expect(view).toHaveAttribute("data-status", "queued");

  const first = await site("worker");
  await expect(view).toHaveAttribute("data-status", "running", { timeout: 60_000 });
  first.signal("SIGKILL");
  await first.ended;
  const second = await site("worker");
  await expect(view).toHaveAttribute("data-status", /succeeded|failed/, { timeout: 180_000 });
  await expectSettled(page, id, price);

  web.signal("SIGINT");
  second.signal("SIGINT");
  expect([await web.ended, await second.ended], web.said() + second.said()).toEqual([0, 0]);
  expect(databaseRuns()).toBe(false);
});

/** Welcome credits come from a job: a worker is there until they have. */
async function aCustomerWithWorker(browser: Browser, web: SiteProcess): Promise<Page> {
  const worker = await site("worker");
  const page = await aCustomer(browser, web);
  worker.signal("SIGINT");
  expect(await worker.ended, worker.said()).toBe(0);
  expect(databaseRuns()).toBe(true);
  return page;
}

for (const [how, signal] of [
  ["stopped by Ctrl-C", "SIGINT"],
  ["killed with -9", "SIGKILL"],
] as const) {
  test(`a run in flight when the site is ${how} ends after the next start, charged once`, async ({
    browser,
  }) => {
    const before = await site("all");
    const first = await aCustomer(browser, before);
    const { id, price } = await startRun(first);
    await reach(first, id, /running/);
    before.signal(signal);
    const code = await before.ended;
    if (signal === "SIGINT") {
      expect(code, before.said()).toBe(0);
      expect(databaseRuns()).toBe(false);
    }

    const after = await site("all");
    const page = await (
      await browser.newContext({ baseURL: after.url, storageState: await first.context().storageState() })
    ).newPage();
    await reach(page, id, /succeeded|failed/);
    await expectSettled(page, id, price);
    expect(await available(page)).toBeLessThanOrEqual(100);
  });
}

test("in production nothing under /dev is there, and a tool without its key says so", async ({ page }) => {
  const { url } = await site("all", {
    BASE_URL: "https://tools.example.com",
    AUTH_SECRET: "a secret of at least thirty-two characters",
  });
  for (const path of ["/dev/mailbox", "/dev/ui", "/dev/stripe", "/api/dev/mails"]) {
    expect((await fetch(url + path)).status, path).toBe(404);
  }
  const landing = await fetch(url);
  expect(landing.headers.get("strict-transport-security")).toMatch(/max-age=\d+/);
  expect(await landing.text()).not.toContain("DEVELOPMENT");
  await page.goto(`${url}/tools`);
  const card = page.getByRole("main").getByRole("link", { name: /Write, translate, rewrite/ });
  await expect(card).toContainText("Not configured");
});
