import { type BrowserContext, expect, type Page, test } from "@playwright/test";
import { available, makeOwner, openTool, signUp, visit, watch } from "./support";

/** What an owner gives, says and forbids: each is seen where it counts, on the customer's own pages. */

test.describe.configure({ mode: "serial" });
test.setTimeout(180_000);

const members: BrowserContext[] = [];
let owner: Page;
let customer: Page;
let email: string;
/** Nobody else on this site writes it. */
const phrase = `unheard-of ${crypto.randomUUID()}`;

test.beforeAll(async ({ browser }) => {
  const open = async () => {
    const context = await browser.newContext();
    members.push(context);
    return context.newPage();
  };
  [owner, customer] = [await open(), await open()];
  await makeOwner(await signUp(owner));
  email = (await signUp(customer)).email;
});

test.afterAll(async () => {
  for (const context of members) await context.close();
});

/** Narrows a segment down to this customer. */
async function chooseCustomer(): Promise<void> {
  await owner.getByPlaceholder("Mail, name, any id, invoice number, key").fill(email);
  await expect(owner.getByText("1 person", { exact: false }).first()).toBeVisible();
}

async function act(reason: string | null, name: string | RegExp): Promise<void> {
  const dialog = owner.getByRole("dialog");
  if (reason !== null) await dialog.getByLabel("Reason").fill(reason);
  await dialog.getByRole("button", { name }).click();
}

test("a gift to a segment is previewed, given once, and taken back as far as it is unspent", async ({
  baseURL,
}) => {
  const wrong = watch(owner, baseURL);
  await visit(owner, "/admin/gifts/new");
  await owner.getByLabel("Name", { exact: true }).fill("Autumn");
  await owner.getByLabel("Credits for each person").fill("30");
  await chooseCustomer();
  await expect(owner.getByText("30 credits in all")).toBeVisible();
  await owner.getByRole("button", { name: "Continue…" }).click();
  await act("to say thanks", "Give 30 credits");
  await expect.poll(() => available(customer)).toBe(130);
  await visit(customer, "/credits");
  await expect(customer.getByText("Gift", { exact: true }).first()).toBeVisible();

  await visit(owner, "/admin/gifts");
  await owner.getByRole("button", { name: "Autumn" }).first().click();
  await owner.getByRole("dialog").getByRole("button", { name: "Take back 30 credits" }).click();
  await act("it was for somebody else", "Take back 30 credits");
  await expect.poll(() => available(customer)).toBe(100);
  expect(wrong).toEqual([]);
});

test("redeem codes are told once; one person redeems a code once", async () => {
  await visit(owner, "/admin/codes");
  await owner.getByRole("button", { name: "Make codes…" }).click();
  const sheet = owner.getByRole("dialog");
  await sheet.getByLabel("Name", { exact: true }).fill("Launch");
  await sheet.getByLabel("How many codes").fill("2");
  await sheet.getByLabel("Credits of each use").fill("25");
  await expect(sheet.getByText("50 credits in all")).toBeVisible();
  await act("for the launch", "Make 2 codes");
  const made = owner.getByRole("dialog");
  await expect(made.getByText("2 codes made")).toBeVisible();
  const code = (await made.locator("code, pre, textarea").first().textContent()) ?? "";
  const saved = owner.waitForEvent("download");
  await made.getByRole("button", { name: "Download CSV" }).click();
  expect((await saved).suggestedFilename()).toMatch(/\.csv$/);

  const [first = ""] = code.trim().split(/\s+/);
  const redeem = async () => {
    await visit(customer, "/credits");
    await customer.getByLabel("Redeem a code").fill(first);
    await customer.getByRole("button", { name: "Redeem", exact: true }).click();
  };
  await redeem();
  await expect(customer.getByText("25 credits are yours.", { exact: false }).first()).toBeVisible();
  expect(await available(customer)).toBe(125);
  await redeem();
  await expect(
    customer.getByText("You have redeemed this code before.", { exact: false }).first(),
  ).toBeVisible();
  expect(await available(customer)).toBe(125);
});

test("an announcement is read on top of the customer's pages until they close it, and stays behind the bell", async () => {
  await visit(owner, "/admin/announcements/new");
  const [english, chinese] = [0, 1];
  await owner.getByLabel("Title").nth(english).fill("A new tool");
  await owner.getByLabel("Title").nth(chinese).fill("新工具");
  await owner.getByLabel("Text").nth(english).fill("It **writes** slogans.");
  await owner.getByLabel("Text").nth(chinese).fill("可以写广告语。");
  await owner.getByLabel("As a banner").click();
  await owner.getByLabel("By mail").click();
  await chooseCustomer();
  await owner.getByRole("button", { name: "Save draft" }).click();
  await owner.getByRole("button", { name: "Send…" }).click();
  await act("the tool is out", "Send it");
  await expect(owner.getByText("“A new tool” is on its way").first()).toBeVisible();

  await visit(customer, "/tools");
  await expect(customer.getByText("A new tool")).toBeVisible();
  await customer.getByRole("button", { name: "Close this announcement" }).click();
  await expect(customer.getByText("A new tool")).toHaveCount(0);
  await visit(customer, "/dashboard");
  await expect(customer.getByText("A new tool")).toHaveCount(0);
  await customer.getByRole("button", { name: "Announcements" }).click();
  await expect(customer.getByRole("dialog").getByText("A new tool")).toBeVisible();
  const mails = async () =>
    (await (await customer.request.get(`/api/dev/mails?to=${encodeURIComponent(email)}`)).json()).data.map(
      ({ subject }: { subject: string }) => subject,
    );
  await expect.poll(mails).toContain("A new tool");
});

test("what the list of words names is refused and costs nothing; a result that is reported can be removed", async () => {
  await visit(owner, "/admin/safety");
  const words = owner.getByRole("textbox", { name: "Words and phrases" });
  const before = await words.inputValue();
  await words.fill(`${before}\n${phrase}`.trim());
  await owner.getByRole("button", { name: "Save", exact: true }).click();
  await act("nobody may say it", "Save");
  await expect(owner.getByText("The rules are changed.").first()).toBeVisible();

  const write = async (text: string) => {
    await openTool(customer, "write");
    await customer.locator("textarea").first().fill(text);
    await customer.getByTestId("run").click();
  };
  const run = customer.getByTestId("run-view");
  await write(`Say ${phrase}, please.`);
  await expect(run).toHaveAttribute("data-status", "failed", { timeout: 60_000 });
  await expect(run.getByText("goes against this site’s rules", { exact: false })).toBeVisible();
  expect(await available(customer)).toBe(125);

  await write("Say something nice.");
  await expect(run).toHaveAttribute("data-status", "succeeded", { timeout: 60_000 });
  await run.getByRole("button", { name: "Report" }).click();
  await customer.getByRole("dialog").getByLabel("What is it?").selectOption("personal");
  await customer.getByRole("dialog").getByLabel("In your words").fill(`It names ${email}.`);
  await customer.getByRole("dialog").getByRole("button", { name: "Send report" }).click();
  await expect(customer.getByText("We have received your report.", { exact: false }).first()).toBeVisible();

  await visit(owner, "/admin/reports");
  const report = owner.getByRole("listitem").filter({ hasText: `It names ${email}.` });
  await report.getByRole("button", { name: "Remove the result" }).click();
  await act("it names a person", "Remove");
  await expect(report).toHaveCount(0);
  await customer.reload();
  await expect(customer.getByText("The result was removed").first()).toBeVisible();
});
