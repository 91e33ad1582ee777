import { beforeAll, describe, expect, it } from "vitest";
import { capture, charge, grant, hold, stopLedger } from "#ledger";
import { newId } from "#platform/id";
import { testDatabase } from "#test";
import { api } from "./app";
import { aUser, type TestUser } from "./test-caller";

testDatabase();

type Page = { data: Record<string, unknown>[]; nextCursor: string | null };

let ada: TestUser;
let eve: TestUser;

function get(path: string, user: TestUser | null = ada): Promise<Response> {
  return Promise.resolve(api.request(`/api/v1${path}`, { headers: user?.headers ?? {} }));
}

async function page(path: string): Promise<Page> {
  const answer = await get(path);
  expect(answer.status).toBe(200);
  return (await answer.json()) as Page;
}

beforeAll(async () => {
  ada = await aUser("ada");
  eve = await aUser("eve");
  const { accountId } = ada.session;
  await grant({ accountId, key: "w", credits: 100n, source: "signup", expiresAt: null, cause: "welcome" });
  const run = { type: "run", id: newId("run") } as const;
  await charge({ accountId, key: "c1", credits: 4n, cause: "tool:ocr", reference: run });
  await charge({ accountId, key: "c2", credits: 7n, cause: "tool:upscale", reference: run });
  const held = await hold({
    ...{ accountId, key: "h1", credits: 5n, cause: "tool:ocr", reference: run },
    lifetimeSeconds: 600,
  });
  await hold({ accountId, key: "h2", credits: 2n, cause: "tool:ocr", reference: run, lifetimeSeconds: 600 });
  if (!held.holdId) throw new Error("no hold");
  await capture({
    accountId,
    key: "h1c",
    holdId: held.holdId,
    credits: 3n,
    cause: "tool:ocr",
    reference: run,
  });
  return stopLedger;
});

describe("the balance", () => {
  it("is what its lots and its entries come to", async () => {
    const balance = await (await get("/balance")).json();
    expect(balance).toMatchObject({ available: 84, held: 2, total: 86, nextExpiry: null });
    expect(balance.lots).toMatchObject([{ source: "signup", credits: 100, remaining: 84, held: 2 }]);
    expect((await (await get("/entries/sum")).json()).net).toBe(balance.total);
  });

  it("shows what is on hold until it is charged", async () => {
    const { data } = await page("/holds");
    expect(data).toMatchObject([{ credits: 2, cause: "tool:ocr", reference: { type: "run" } }]);
  });
});

describe("entries", () => {
  it("are listed newest first, with the balance after each", async () => {
    const { data, nextCursor } = await page("/entries");
    expect(data.map(({ credits, totalAfter }) => [credits, totalAfter])).toEqual([
      [-3, 86],
      [-7, 89],
      [-4, 96],
      [100, 100],
    ]);
    expect(nextCursor).toBeNull();
  });

  it("come page by page without a gap", async () => {
    const first = await page("/entries?limit=3");
    const second = await page(`/entries?limit=3&cursor=${first.nextCursor}`);
    expect([...first.data, ...second.data].map(({ seq }) => seq)).toEqual([4, 3, 2, 1]);
    expect(second.nextCursor).toBeNull();
    expect((await get("/entries?cursor=nonsense")).status).toBe(422);
  });

  it("of a filter come to the sum of its CSV", async () => {
    const sums = await (await get("/entries/sum?kind=consumed&tool=ocr")).json();
    expect(sums).toEqual({ count: 2, issued: 0, consumed: -7, expired: 0, reversed: 0, net: -7 });
    const answer = await get("/entries.csv?kind=consumed&tool=ocr");
    expect(answer.headers.get("content-disposition")).toContain("credit-entries.csv");
    const [head, ...lines] = (await answer.text()).trim().split("\r\n");
    expect(head?.split(",")[3]).toBe("credits");
    expect(lines.map((line) => Number(line.split(",")[3])).reduce((a, b) => a + b, 0)).toBe(sums.net);
  });

  it("are chosen by time", async () => {
    const soon = new Date(Date.now() + 3_600_000).toISOString();
    expect((await page(`/entries?from=${soon}`)).data).toEqual([]);
    expect((await page(`/entries?to=${soon}`)).data).toHaveLength(4);
    expect((await get("/entries?from=yesterday")).status).toBe(422);
  });

  it("of others are not there", async () => {
    expect(await (await get("/entries", eve)).json()).toEqual({ data: [], nextCursor: null });
    expect(await (await get("/balance", eve)).json()).toMatchObject({ total: 0, lots: [] });
    expect((await get("/entries", null)).status).toBe(401);
  });
});

describe("usage", () => {
  it("adds up what each tool used on a day of the zone", async () => {
    const range = `from=${new Date(Date.now() - 86_400_000).toISOString()}&to=${new Date(Date.now() + 86_400_000).toISOString()}`;
    const usage = await (await get(`/usage?${range}&timeZone=Asia/Shanghai`)).json();
    const day = new Intl.DateTimeFormat("en-CA", { timeZone: "Asia/Shanghai" }).format(new Date());
    expect(usage.data).toEqual([
      { day, tool: "ocr", credits: 7 },
      { day, tool: "upscale", credits: 7 },
    ]);
    expect((await get(`/usage?${range}&timeZone=%2B02:00`)).status).toBe(422);
  });
});
