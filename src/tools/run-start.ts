import { createHash } from "node:crypto";
import { inArray, type SQL, sql } from "drizzle-orm";
import { type Allowed, allowsTool, readAllowed } from "#billing/entitlements";
import { lockSuspended } from "#identity";
import { applyCommands, readBalance } from "#ledger";
import { type Actor, recordAct } from "#platform/audit";
import { announce } from "#platform/changes";
import { config } from "#platform/config";
import { db, type Queryable, type Tx } from "#platform/db";
import { type Id, newId } from "#platform/id";
import { Refusal } from "#platform/refusal";
import { runs, uploads } from "#schema";
import { requireUnremoved } from "./continuation";
import type { Locale } from "./form";
import { parseInput, uploadIds } from "./input";
import { accountOfOwner, lockOwner, type Owner, ownerColumns, ownerId } from "./owner";
import type { PriceQuote } from "./price";
import { countRunning, findByKey, type Run, readRun } from "./run";
import { enqueueRun } from "./run-job";
import type { ToolValues } from "./settings";
import { checkFiles, findMissing, type Tool } from "./tool";
import { findUploads, requireRoom, toolFile, type Upload } from "./upload";
import { requireAllowedSize } from "./upload-limits";

/** A run's beginning: its price, and the one transaction that makes run, job and hold. */

/** More than that many runs of one visitor do not wait or run at once; of an account, what its plan allows. */
const maxLiveOfVisitor = 2;
/** A run that has waited so long is given up; its hold lasts as long. */
export const maxWaitHours = 24;
/** Of a visitor, and of a tool that keeps no history. */
const soonMinutes = 60;
const priorityOfVisitor = 100;

export type RunRequest = {
  owner: Owner;
  /** Who asks; null for a visitor, and for a service key. */
  user: { id: Id<"user">; emailVerified: boolean } | null;
  /** The API key that asks, if one does. A service key answers for its customers: they need no mail. */
  apiKey?: { id: Id<"apiKey">; kind: "own" | "service" } | undefined;
  tool: Tool;
  input: unknown;
  locale?: Locale | undefined;
  /** The most credits that whoever asks has agreed to: dearer by now, it does not begin. */
  maxCredits?: bigint | undefined;
  /** The run that this one goes on with. */
  parentId?: Id<"run"> | undefined;
  /** A staff member's test: the tool is as these values say, whoever it is off for, and costs nothing. */
  trial?: ToolValues | undefined;
  /** Who tests: it stands in the audit log. */
  tester?: Actor | undefined;
};

export type Quote = PriceQuote & {
  /** The balance now; null for a visitor, who pays nothing. */
  available: bigint | null;
};

/**
 * Prices an input by the code that prices the run, and writes nothing.
 * @throws Refusal unauthenticated, invalid_request, tool_off
 */
export async function quoteRun(request: Omit<RunRequest, "user" | "apiKey">): Promise<Quote> {
  requireOn(request);
  const { quote } = await prepare(db(), request);
  const accountId = accountOfOwner(request.owner);
  const balance = accountId ? await readBalance(db(), accountId) : null;
  return { ...quote, available: balance?.available ?? null };
}

/**
 * Starts a run: checks, holds the most it can cost, and hands it to the worker, all or nothing. The same
 * key with the same input answers with the run it began.
 * @throws Refusal mail_unverified, suspended, tool_not_configured, tool_off, invalid_request, idempotency_conflict,
 *   price_changed (credits: what it costs now), insufficient_credits (need, have, whose limit), plan_required
 *   (the tool), not_continuable, upload_too_large (for the plan), rate_limited (too many at once), storage_full
 */
export async function startRun(
  request: RunRequest & { idempotencyKey: string },
): Promise<{ run: Run; repeated: boolean }> {
  const { owner, user, tool, idempotencyKey } = request;
  const vouched = user?.emailVerified || request.apiKey?.kind === "service";
  if ("accountId" in owner && !vouched) throw new Refusal("mail_unverified");
  const inputHash = hashInput(tool, parseInput(tool, request.input, request.locale));
  const first = await findFirst(db(), owner, idempotencyKey, inputHash);
  if (first) return { run: first, repeated: true };
  await requireUsable(tool, owner);
  requireOn(request);
  const started = await db().transaction((tx) => begin(tx, { ...request, inputHash }));
  if (!started.repeated) announce({ owner: ownerId(owner), runs: [started.run.id], balance: true });
  return started;
}

async function begin(
  tx: Tx,
  request: RunRequest & { idempotencyKey: string; inputHash: string },
): Promise<{ run: Run; repeated: boolean }> {
  const { owner, user, tool, trial, idempotencyKey, inputHash } = request;
  await lockOwner(tx, "runs", owner);
  const first = await findFirst(tx, owner, idempotencyKey, inputHash);
  if (first) return { run: first, repeated: true };
  if (request.parentId) await requireUnremoved(tx, request.parentId, request.input);
  // Locked as it stands: whoever is suspended meanwhile has this run cancelled as well.
  if ("accountId" in owner && (await lockSuspended(tx, owner.accountId))) throw new Refusal("suspended");
  const allowed = "accountId" in owner ? await readAllowed(tx, owner.accountId) : null;
  if (allowed && !trial && !allowsTool(allowed, tool))
    throw new Refusal("plan_required", { plan: allowed.planId, minimumPlan: tool.minimumPlan });
  const live = await countRunning(owner, tx);
  const limit = allowed?.concurrentRuns ?? maxLiveOfVisitor;
  if (live >= limit) throw new Refusal("rate_limited", { retryAfterSeconds: 5, limit, remaining: 0 });
  // How large a result will be nobody knows: there has to be some room.
  await requireRoom(tx, owner, 1);

  const { input, files, quote } = await prepare(tx, request, { lock: true });
  if (allowed) requireAllowedSize(files, allowed);
  requireAgreed(request, quote);
  const runId = newId("run");
  const accountId = accountOfOwner(owner);
  const held = trial ? 0n : quote.credits;
  const holdId = accountId && held > 0n ? newId("hold") : null;
  const [row] = await tx
    .insert(runs)
    .values({
      id: runId,
      ...ownerColumns(owner),
      userId: user?.id ?? null,
      tool: tool.slug,
      toolRevision: tool.revision,
      trial: trial ?? null,
      units: accountId && quote.units,
      input,
      parentId: request.parentId ?? null,
      uploadIds: files.map(({ id }) => id),
      idempotencyKey,
      inputHash,
      holdId,
      held,
      expiresAt: expiryOf(allowed, tool),
    })
    .returning();
  if (!row) throw new Error("the run's row was not written");
  if (trial && request.tester)
    await recordAct(tx, {
      ...{ by: request.tester, action: "tool.test", object: { type: "tool", id: tool.slug } },
      after: { run: runId },
    });
  await keepUploads(tx, files, expiryOf(allowed, tool));
  // The more of an owner's runs wait already, the further back a new one stands: nobody fills the queue.
  const priority = (allowed?.priority ?? priorityOfVisitor) + live;
  await enqueueRun(tx, runId, tool, { priority });
  // Last: the account is locked from here to the commit.
  if (accountId && holdId) {
    await applyCommands(tx, [
      {
        verb: "hold",
        accountId,
        key: `${runId}:hold`,
        ...(request.apiKey && { apiKeyId: request.apiKey.id }),
        credits: held,
        holdId,
        lifetimeSeconds: maxWaitHours * 3600,
        cause: `tool:${tool.slug}`,
        reference: { type: "run", id: runId },
      },
    ]);
  }
  return { run: readRun(row), repeated: false };
}

type Prepared = { input: Record<string, unknown>; files: Upload[]; quote: PriceQuote };

/** What quote and run share: the input checked, its files found and measured, the price. */
async function prepare(
  queryable: Queryable,
  { owner, tool, input: raw, locale, parentId }: Omit<RunRequest, "user" | "apiKey">,
  options: { lock?: boolean } = {},
): Promise<Prepared> {
  const visitor = "visitorId" in owner;
  if (visitor && !tool.tryable) throw new Refusal("unauthenticated");
  const input = parseInput(tool, raw, locale);
  // What was said before is told by the run that is gone on with, never by whoever asks.
  if (tool.continues && input.turns !== undefined && !parentId) {
    const message = "Only a run that goes on with another knows what was said before.";
    throw new Refusal("invalid_request", { errors: [{ path: "turns", message }] });
  }
  const ids = uploadIds(tool, input);
  const files = await findUploads(queryable, owner, ids, options);
  if (files.length < ids.length) {
    const found = new Set(files.map(({ id }) => id));
    const missing = ids.flatMap((id, index) => (found.has(id) ? [] : [`${tool.files?.field}.${index}`]));
    throw new Refusal("invalid_request", {
      errors: missing.map((path) => ({ path, message: "There is no such upload." })),
    });
  }
  const measured = files.map(toolFile);
  checkFiles(tool, measured, visitor);
  const quote = visitor
    ? ({ kind: "exact", credits: 0n, lines: [], units: {} } as const satisfies PriceQuote)
    : tool.price(input, measured);
  return { input, files, quote: { ...quote, lines: [...quote.lines] } };
}

/** @throws Refusal tool_off when no new run begins, but a test by staff */
function requireOn({ tool, trial }: Pick<RunRequest, "tool" | "trial">): void {
  if (!tool.enabled && !trial) throw new Refusal("tool_off");
}

/** @throws Refusal price_changed when it has become dearer than what was agreed to */
function requireAgreed({ maxCredits, trial }: RunRequest, { credits }: PriceQuote): void {
  if (maxCredits === undefined || trial || credits <= maxCredits) return;
  throw new Refusal("price_changed", { credits: Number(credits) });
}

/** @throws Refusal tool_not_configured; unauthenticated for a tool that visitors may not try */
async function requireUsable(tool: Tool, owner: Owner): Promise<void> {
  if ("visitorId" in owner && !tool.tryable) throw new Refusal("unauthenticated");
  const missing = (await findMissing([tool])).get(tool.slug);
  if (missing) throw new Refusal("tool_not_configured", { missing });
}

/** @throws Refusal idempotency_conflict */
async function findFirst(
  queryable: Queryable,
  owner: Owner,
  idempotencyKey: string,
  inputHash: string,
): Promise<Run | null> {
  const run = await findByKey(queryable, owner, idempotencyKey);
  if (run && run.inputHash !== inputHash) throw new Refusal("idempotency_conflict");
  return run;
}

/** The uploads stay as long as the run that names them. */
async function keepUploads(tx: Tx, files: readonly Upload[], expiry: SQL): Promise<void> {
  if (files.length === 0) return;
  await tx
    .update(uploads)
    .set({ expiresAt: sql`greatest(${uploads.expiresAt}, ${expiry})` })
    .where(
      inArray(
        uploads.id,
        files.map(({ id }) => id),
      ),
    );
}

/** For how many days a run's input and results are kept; without a plan, what the operator has set. */
export function retentionDays(allowed: Pick<Allowed, "retentionDays"> | null): number {
  return Math.max(config().RETENTION_DAYS, allowed?.retentionDays ?? 0);
}

/** When input and results of a run begun now are deleted: a visitor's soon, others' as their plan says. */
function expiryOf(allowed: Allowed | null, { keepsHistory = true }: Tool): SQL {
  return allowed && keepsHistory
    ? sql`now() + make_interval(days => ${retentionDays(allowed)}::int)`
    : sql`now() + make_interval(mins => ${soonMinutes}::int)`;
}

function hashInput(tool: Tool, input: Record<string, unknown>): string {
  return createHash("sha256")
    .update(`${tool.slug}\n${JSON.stringify(input, inOrder)}`)
    .digest("base64url");
}

/** Writes an object's keys in one order, so that equal inputs have equal text. */
function inOrder(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
