import { sql } from "drizzle-orm";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { openAccount, readBalance, stopLedger, submit } from "#ledger";
import { type Config, parseConfig } from "#platform/config";
import { newId } from "#platform/id";
import { singleton } from "#platform/singleton";
import { testDatabase } from "#test";
import { api } from "./app";

const { db } = testDatabase();
const config = singleton<Config>("config");
const secret = "a-secret-of-thirty-characters!";

beforeEach(() => config.set(parseConfig({ CRON_SECRET: secret })));
afterAll(stopLedger);

function call(path: string, { method = "POST", bearer = secret } = {}) {
  const headers = { ...(bearer && { authorization: `Bearer ${bearer}` }) };
  return Promise.resolve(api.request(`/api/cron/${path}`, { method, headers }));
}

/** Five credits that expire in a minute; two of them may be in a hold that does so too. */
async function anExpiringLot({ held = false } = {}) {
  const accountId = await db().transaction((tx) =>
    openAccount(tx, { ownerType: "user", ownerId: newId("user") }),
  );
  const { rows } = await db().execute<{ at: string }>(sql`select money_now() + interval '1 min' as at`);
  const grant = { verb: "grant", key: "lot", credits: 5n, source: "promo", cause: "promo" } as const;
  await submit({ ...grant, accountId, expiresAt: new Date(rows[0]?.at ?? "") });
  const hold = { verb: "hold", key: "hold", credits: 2n, lifetimeSeconds: 60, cause: "tool:ocr" } as const;
  if (held) await submit({ ...hold, accountId });
  return accountId;
}

async function pass(interval: string): Promise<void> {
  await db().execute(sql`update money_clock set shift = shift + ${interval}::interval`);
}

describe.each(["expire-credits", "refill-credits"])("/api/cron/%s", (path) => {
  it("is off without CRON_SECRET, and says what to set", async () => {
    config.set(parseConfig({}));
    const answer = await call(path);
    expect(answer.status).toBe(503);
    const problem = await answer.json();
    expect(problem).toMatchObject({ code: "cron_off" });
    expect(problem.title).toContain("CRON_SECRET");
  });

  it("turns away whoever has no secret, a wrong one or a part of it", async () => {
    for (const bearer of ["", "wrong", secret.slice(0, -1), `${secret}x`]) {
      const answer = await call(path, { bearer });
      expect(answer.status, bearer).toBe(401);
      expect(await answer.json()).toMatchObject({ code: "cron_secret_wrong" });
    }
  });

  it("answers GET and POST alike, for schedulers know either", async () => {
    for (const method of ["GET", "POST"]) {
      const answer = await call(path, { method });
      expect(answer.status).toBe(200);
      expect(await answer.json()).toMatchObject({ done: true });
    }
  });
});

describe("expiring credits", () => {
  it("books each lot and hold once, however many call at the same time", async () => {
    const accounts = [
      ...[await anExpiringLot(), await anExpiringLot()],
      ...[await anExpiringLot({ held: true }), await anExpiringLot({ held: true })],
    ];
    await pass("2 min");
    const answers = await Promise.all([1, 2, 3].map(async () => (await call("expire-credits")).json()));
    const sum = (name: string) => answers.reduce((total, answer) => total + answer[name], 0);
    // Closing a hold expires what is due on its account as well.
    expect({ accounts: sum("accounts"), holds: sum("holds") }).toEqual({ accounts: 2, holds: 2 });
    for (const accountId of accounts) {
      expect(await readBalance(db(), accountId)).toMatchObject({ available: 0n, held: 0n, total: 0n });
      const { rows } = await db().execute<{ kind: string; credits: bigint }>(
        sql`select kind, sum(credits)::int8 as credits from entries where account_id = ${accountId} group by 1`,
      );
      expect(new Map(rows.map(({ kind, credits }) => [kind, credits]))).toEqual(
        new Map([
          ["issued", 5n],
          ["expired", -5n],
        ]),
      );
    }
    expect(await (await call("expire-credits")).json()).toEqual({ accounts: 0, holds: 0, done: true });
  });
});
