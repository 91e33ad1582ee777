import { eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { applyCommands, openAccount, readBalance, stopLedger } from "#ledger";
import { terminal } from "#platform/audit";
import { announce, announced, stopHearing } from "#platform/changes";
import { type Id, newId } from "#platform/id";
import { acts, runs, toolRevisions, toolSettings } from "#schema";
import { testDatabase, testFolder } from "#test";
import { addTools } from "./catalog";
import { readToolSettings, saveDraft } from "./draft";
import { fields } from "./form";
import { atMost, exactly } from "./price";
import { findTool, listTools } from "./published";
import { moveTool, publishDraft, restoreRevision, switchTool } from "./revision";
import { listRevisions } from "./revision-history";
import { executeRun } from "./run-execute";
import { quoteRun, startRun } from "./run-start";
import type { ToolDraft } from "./settings";
import { defineTool, type ToolDefinition } from "./tool";

const { db } = testDatabase();
testFolder();

const texts = { name: "Words", summary: "Counts.", description: "Counts.", takes: "text", gives: "text" };
const input = z.strictObject({ text: z.string().register(fields, { label: { en: "Text", zh: "文字" } }) });
const common = {
  category: "text" as const,
  icon: "flask-conical",
  texts: { en: texts, zh: { ...texts, name: "字数" } },
  input,
  files: null,
  process: "worker" as const,
  limits: { timeoutSeconds: 30, memoryMb: 64 },
  examples: [],
} satisfies Partial<ToolDefinition<typeof input>>;
const length = ({ text }: z.output<typeof input>) => text.length;
addTools([
  defineTool({
    ...{ ...common, slug: "test-exact" },
    price: exactly({ pages: 2, minimum: 1 }, (given: z.output<typeof input>) => ({ pages: length(given) })),
    run: async () => ({ outputs: [] }),
  }),
  defineTool({
    ...{ ...common, slug: "test-used" },
    price: atMost({ images: 3 }, (given: z.output<typeof input>) => ({ images: length(given) })),
    run: async () => ({ outputs: [], usage: { units: { images: 2 } } }),
  }),
]);

let accountId: Id<"account">;

beforeAll(async () => {
  // What hears changes does so before the first of them.
  await listTools();
});

beforeEach(async () => {
  accountId = await db().transaction(async (tx) => {
    const opened = await openAccount(tx, { ownerType: "user", ownerId: newId("user") });
    const why = { cause: "adjustment", source: "promo", expiresAt: null } as const;
    await applyCommands(tx, [{ verb: "grant", accountId: opened, key: "g", credits: 100n, ...why }]);
    return opened;
  });
});

afterAll(async () => {
  await announced();
  await stopHearing();
  await stopLedger();
});

const by = { by: terminal, reason: "because" };

async function order(slug: string, text = "four") {
  const tool = await findTool(slug);
  if (!tool) throw new Error(`no ${slug}`);
  const user = { id: newId("user"), emailVerified: true };
  return { owner: { accountId }, user, tool, input: { text }, idempotencyKey: newId("request") };
}

async function begun(slug: string, text?: string) {
  return (await startRun(await order(slug, text))).run;
}

async function ended(run: { id: string }) {
  await executeRun(run.id, { jobId: newId("worker") });
  const [row] = await db().select().from(runs).where(eq(runs.id, run.id));
  if (!row) throw new Error("the run is gone");
  return row;
}

async function saved(slug: string, draft: ToolDraft, seen: Date | null): Promise<Date> {
  const savedAt = await saveDraft(slug, draft, seen, { by: terminal });
  if (!savedAt) throw new Error("no draft was kept");
  return savedAt;
}

async function publish(slug: string, draft: ToolDraft) {
  const old = await readToolSettings(slug);
  const savedAt = await saved(slug, draft, old.draft?.savedAt ?? null);
  return publishDraft(slug, { base: old.revision, savedAt }, by);
}

describe("a published price", () => {
  it("is quoted, held and charged from then on", async () => {
    await publish("test-exact", { rates: { pages: 5 } });
    expect((await quoteRun(await order("test-exact"))).credits).toBe(20n);
    const run = await begun("test-exact");
    expect(run).toMatchObject({ held: 20n, units: { pages: 4 } });
    expect(await ended(run)).toMatchObject({ status: "succeeded", charged: 20n });
    expect((await readBalance(db(), accountId)).available).toBe(80n);
  });

  it("does not touch runs that began under the old one, not even what they used", async () => {
    await publish("test-used", { rates: { images: 3 } });
    const old = await begun("test-used");
    const revision = await publish("test-used", { rates: { images: 10 } });
    expect(old.toolRevision).toBeLessThan(revision);
    expect(await ended(old)).toMatchObject({ held: 12n, charged: 6n, units: { images: 2 } });
    expect(await ended(await begun("test-used"))).toMatchObject({
      ...{ held: 40n, charged: 20n, toolRevision: revision },
    });
  });

  it("is refused below the tool's minimum, for a rate it has not, and in fractions", async () => {
    const errors = (draft: ToolDraft) =>
      expect(saveDraft("test-exact", draft, null, { by: terminal })).rejects.toMatchObject({
        code: "invalid_request",
      });
    await errors({ rates: { images: 5 } });
    await errors({ limits: { timeoutSeconds: 31 } });
    await errors({ limits: { maxBytes: 5 } });
  });

  it("cannot be published over what somebody else published meanwhile", async () => {
    const savedAt = await saved("test-exact", { rates: { pages: 6 } }, null);
    const { revision } = await readToolSettings("test-exact");
    await switchTool("test-exact", true, by);
    await expect(publishDraft("test-exact", { base: revision, savedAt }, by)).rejects.toMatchObject({
      ...{ code: "tool_changed", facts: { revision: revision + 1 } },
    });
    await saveDraft("test-exact", null, savedAt, by);
  });

  it("is the one that was seen: a draft that somebody else saved since is neither published nor lost", async () => {
    const mine = await saved("test-exact", { rates: { pages: 6 } }, null);
    const theirs = await saved("test-exact", { rates: { pages: 60 } }, mine);
    const { revision: base } = await readToolSettings("test-exact");
    const changed = { code: "tool_changed" };
    await expect(publishDraft("test-exact", { base, savedAt: mine }, by)).rejects.toMatchObject(changed);
    await expect(saved("test-exact", { rates: { pages: 7 } }, mine)).rejects.toMatchObject(changed);
    await expect(saveDraft("test-exact", null, mine, by)).rejects.toMatchObject(changed);
    expect((await readToolSettings("test-exact")).draft).toMatchObject({ values: { rates: { pages: 60 } } });
    await saveDraft("test-exact", null, theirs, by);
  });

  it("is not charged to whoever agreed to a lower one", async () => {
    await publish("test-exact", { rates: { pages: 5 } });
    const request = await order("test-exact");
    const agreed = (await quoteRun(request)).credits;
    await publish("test-exact", { rates: { pages: 6 } });
    const later = await order("test-exact");
    await expect(startRun({ ...later, maxCredits: agreed })).rejects.toMatchObject({
      ...{ code: "price_changed", facts: { credits: 24 } },
    });
    expect((await readBalance(db(), accountId)).available).toBe(100n);
    await publish("test-exact", { rates: { pages: 4 } });
    const cheaper = await order("test-exact");
    expect((await startRun({ ...cheaper, maxCredits: agreed })).run.held).toBe(16n);
  });
});

describe("the switch", () => {
  it("refuses new runs and quotes at once, and lets those that have begun end", async () => {
    const waiting = await begun("test-exact");
    const again = await order("test-exact");
    const { run } = await startRun(again);
    await switchTool("test-exact", false, by);
    await expect(begun("test-exact")).rejects.toMatchObject({ code: "tool_off" });
    await expect(quoteRun(await order("test-exact"))).rejects.toMatchObject({ code: "tool_off" });
    const tool = await findTool("test-exact");
    expect(await startRun({ ...again, ...(tool && { tool }) })).toMatchObject({
      repeated: true,
      run: { id: run.id },
    });
    expect(await ended(waiting)).toMatchObject({ status: "succeeded" });
    await switchTool("test-exact", true, by);
    await begun("test-exact");
  });

  it("is not thrown by publishing or restoring", async () => {
    await switchTool("test-used", false, by);
    const revision = await publish("test-used", { minimumPlan: "pro" });
    expect(await findTool("test-used")).toMatchObject({ enabled: false, minimumPlan: "pro" });
    await restoreRevision("test-used", { revision: 0, base: revision }, by);
    expect(await findTool("test-used")).toMatchObject({ enabled: false, minimumPlan: "free" });
    await switchTool("test-used", true, by);
  });
});

it("what another process published counts here as soon as it says so", async () => {
  const before = await readToolSettings("test-exact");
  await db().transaction(async (tx) => {
    const revision = before.revision + 1;
    await tx.insert(toolRevisions).values({ slug: "test-exact", revision, values: { enabled: false } });
    await tx.update(toolSettings).set({ revision }).where(eq(toolSettings.slug, "test-exact"));
  });
  announce({ owner: "tools" });
  await vi.waitFor(async () => expect(await findTool("test-exact")).toMatchObject({ enabled: false }));
  await switchTool("test-exact", true, by);
});

it("a smallest plan is asked for where the run is made", async () => {
  await publish("test-exact", { minimumPlan: "pro" });
  await expect(begun("test-exact")).rejects.toMatchObject({
    ...{ code: "plan_required", facts: { plan: "free", minimumPlan: "pro" } },
  });
  await publish("test-exact", {});
  await begun("test-exact");
});

it("revisions say who changed what and why, are kept as they are, and come back", async () => {
  const first = await publish("test-used", { rates: { images: 7 }, texts: { zh: { name: "新名字" } } });
  const second = await publish("test-used", { rates: { images: 8 } });
  const restored = await restoreRevision("test-used", { revision: first, base: second }, by);
  expect(await findTool("test-used")).toMatchObject({
    revision: restored,
    texts: { zh: { name: "新名字", summary: "Counts." } },
    pricing: { rates: { images: 7 } },
  });
  const { revisions, next } = await listRevisions("test-used", { limit: 2 });
  expect(next).toBe(second);
  expect(revisions[0]).toMatchObject({ revision: restored, restoredFrom: first, reason: "because" });
  expect(revisions[1]?.difference).toEqual([
    { path: "rates.images", before: 7, after: 8 },
    { path: "texts.zh.name", before: "新名字", after: "字数" },
  ]);
  const [act] = await db().select().from(acts).where(eq(acts.action, "tool.restore")).orderBy(sql`id desc`);
  expect(act).toMatchObject({ objectId: "test-used", after: { revision: restored, "rates.images": 7 } });
  await expect(db().execute(sql`update tool_revisions set values = '{}'`)).rejects.toThrow();
});

it("a tool moves before another, and stays there", async () => {
  const slugs = async () => (await listTools()).map(({ slug }) => slug);
  const [first = "", second = ""] = await slugs();
  await moveTool("test-used", second, { by: terminal });
  expect((await slugs()).slice(0, 3)).toEqual([first, "test-used", second]);
  await moveTool("test-used", first, { by: terminal });
  expect((await slugs())[0]).toBe("test-used");
  await moveTool("test-used", null, { by: terminal });
  expect((await slugs()).at(-1)).toBe("test-used");
  for (let turn = 0; turn < 5; turn += 1) {
    const [, one = "", two = ""] = await slugs();
    await moveTool(two, one, { by: terminal });
  }
  expect((await slugs())[0]).toBe(first);
});
