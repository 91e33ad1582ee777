import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { type BrowserContext, expect, type Page, test } from "@playwright/test";
import { type SiteProcess, spawnSite } from "../test/spawn";
import { available, makeOwner, openTool, signUp, visit, watch } from "./support";

/**
 * A tool that the owner's own server does, made from nothing, priced and published; customers run it, one fails, one
 * is cancelled midway, and credits are exact. On a site of its own, for tools are everybody's.
 */

test.describe.configure({ mode: "serial" });
test.setTimeout(240_000);

const members: BrowserContext[] = [];
const told: string[] = [];
let folder = "";
let site: SiteProcess;
let server: Server;
let owner: Page;
let customer: Page;

test.beforeAll(async ({ browser }) => {
  server = createServer(async (request, response) => {
    const { type, data } = JSON.parse(await text(request));
    told.push(type);
    const said: string = data.input?.text ?? "";
    if (said === "bad")
      return response.writeHead(422).end(JSON.stringify({ error: { message: "Too plain." } }));
    // It never calls back: the customer cancels.
    if (said === "slow" || type !== "run.started") return response.writeHead(202).end();
    const outputs = [{ name: "upper.txt", mediaType: "text/plain", text: said.toUpperCase() }];
    response.end(JSON.stringify({ outputs, usage: { seconds: 2 } }));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  folder = mkdtempSync(join(tmpdir(), "toolmint-http-"));
  // PostgreSQL's own user must get in.
  chmodSync(folder, 0o755);
  site = await spawnSite({ ROLE: "all", DATA_DIR: folder, HTTP_TOOLS_PRIVATE: "true" });
  await site.ready();
  const open = async () => {
    const context = await browser.newContext({ baseURL: site.url });
    members.push(context);
    return context.newPage();
  };
  [owner, customer] = [await open(), await open()];
  await makeOwner(await signUp(owner), folder);
  await signUp(customer);
});

test.afterAll(async () => {
  for (const context of members) await context.close();
  site.signal("SIGINT");
  await site.ended;
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

const run = () => customer.getByTestId("run-view");
const region = (name: string) => owner.getByRole("region", { name });

async function fillBoth(label: string, en: string, zh: string, within: string) {
  await region(within).getByLabel(`${label} · English`).fill(en);
  await region(within).getByLabel(`${label} · 简体中文`).fill(zh);
}

async function start(said: string): Promise<void> {
  await openTool(customer, "upper");
  await customer.getByRole("textbox", { name: "Text" }).fill(said);
  await customer.getByTestId("run").click();
}

test("a tool that a server does is made, given a secret, tried and published", async () => {
  const wrong = watch(owner, site.url);
  await visit(owner, "/admin/tools/new");
  await owner.getByLabel("Name in addresses").fill("upper");
  await fillBoth("Name", "Upper case", "转大写", "Words");
  await fillBoth("One line", "Makes a text loud.", "把文字变成大写。", "Words");
  await fillBoth("Description", "Makes a text loud.", "把文字变成大写。", "Words");
  await owner.getByLabel("Done by").selectOption("http");
  const { port } = server.address() as AddressInfo;
  await region("Server").getByLabel("Address").fill(`http://127.0.0.1:${port}/run`);
  const price = region("Price, in whole credits");
  await price.getByLabel("Charged").selectOption("upTo");
  await price.getByLabel("Credits").fill("3");
  await price.getByLabel("Most seconds a run may use").fill("5");
  await expect(region("What customers see").getByRole("textbox", { name: "Text" })).toBeVisible();
  await owner.getByRole("button", { name: "Save draft" }).click();
  await expect(owner).toHaveURL(/\/admin\/tools\/upper$/);

  await region("Secret").getByRole("button", { name: "Make secret" }).click();
  await expect(region("Secret").getByTestId("secret")).toHaveText(/^whsec_[\w+/]{43}=$/);
  await visit(owner, "/tools/upper?trial=1");
  await owner.getByRole("textbox", { name: "Text" }).fill("hello");
  await owner.getByTestId("run").click();
  const trial = owner.getByTestId("run-view");
  await expect(trial).toHaveAttribute("data-status", "succeeded", { timeout: 60_000 });
  expect(await available(owner)).toBe(100);

  await visit(owner, "/admin/tools/upper");
  // Told once.
  await expect(region("Secret")).toContainText("whsec_…");
  await expect(region("Secret").getByTestId("secret")).toHaveCount(0);
  await owner.getByRole("button", { name: "Publish…" }).click();
  await owner.getByRole("dialog").getByLabel("Reason").fill("our server is up");
  await owner.getByRole("dialog").getByRole("button", { name: "Publish" }).click();
  await expect(owner.getByText("Revision 1", { exact: true }).first()).toBeVisible();
  expect(wrong).toEqual([]);
});

test("customers run it: one is done, one fails, one is cancelled midway, and credits are exact", async () => {
  await start("hello");
  await expect(run()).toHaveAttribute("data-status", "succeeded", { timeout: 60_000 });
  await expect(run()).toContainText("HELLO");
  // 2 seconds of the 5 that were held for.
  expect(await available(customer)).toBe(94);

  await start("bad");
  await expect(run()).toHaveAttribute("data-status", "failed", { timeout: 60_000 });
  await expect(run()).toContainText("Too plain.");
  expect(await available(customer)).toBe(94);

  await start("slow");
  await expect(run()).toHaveAttribute("data-status", "running", { timeout: 60_000 });
  await expect.poll(() => available(customer)).toBe(79);
  await customer.getByTestId("cancel-run").click();
  await expect(run()).toHaveAttribute("data-status", "canceled", { timeout: 60_000 });
  expect(await available(customer)).toBe(94);
  await expect.poll(() => told.at(-1)).toBe("run.canceled");
});
