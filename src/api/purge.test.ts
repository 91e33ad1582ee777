import { existsSync, mkdirSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { eq, sql } from "drizzle-orm";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { stopLedger } from "#ledger";
import { announced } from "#platform/changes";
import { newId } from "#platform/id";
import { deleteFile } from "#platform/storage";
import { runs, uploads } from "#schema";
import { testDatabase, testFolder } from "#test";
import { purgeFiles } from "#tools";
import { api } from "./app";
import { aUser, type TestUser } from "./test-caller";
import { begun, fund, read, refused, start, work } from "./test-tools";

const { db } = testDatabase();
const folder = testFolder();

let ada: TestUser;

beforeAll(async () => {
  ada = await aUser("ada");
  await fund(ada, 100n);
});

afterAll(async () => {
  await announced();
  await stopLedger();
});

async function anUpload(): Promise<{ id: string }> {
  const body = new FormData();
  const plain = sharp({ create: { width: 9, height: 9, channels: 3, background: "teal" } });
  body.set("file", new File([new Uint8Array(await plain.png().toBuffer())], "p.png"));
  const headers = { ...ada.headers, "idempotency-key": newId("request") };
  const answer = await api.request("/api/v1/uploads", { method: "POST", body, headers });
  return await answer.json();
}

const stored = () =>
  existsSync(join(folder, "files/uploads")) ? readdirSync(join(folder, "files/uploads")) : [];

describe("the purge", () => {
  it("deletes an upload that no run named after its day, and only that", async () => {
    const unused = await anUpload();
    const used = await anUpload();
    await begun(ada, { tool: "test-picture", input: { images: [used.id] } });
    await db().execute(sql`update uploads set expires_at = expires_at - interval '25 hours'`);
    expect(await purgeFiles()).toMatchObject({ uploads: 1 });
    expect(stored()).toEqual([used.id]);
    expect(await read(ada, `/uploads/${unused.id}`)).toMatchObject({ code: "not_found" });
    expect(await read(ada, `/uploads/${used.id}`)).toMatchObject({ id: used.id });
    const late = await start(ada, { tool: "test-picture", input: { images: [unused.id] } });
    expect(await late.json()).toMatchObject({ status: 422, errors: [{ path: "input.images.0" }] });
  });

  it("repeats what a purge that died had begun", async () => {
    const upload = await anUpload();
    await db().update(uploads).set({ expiresAt: sql`now()` }).where(eq(uploads.id, upload.id));
    await deleteFile(`uploads/${upload.id}`);
    expect(await purgeFiles()).toMatchObject({ uploads: 1 });
    expect(await purgeFiles()).toMatchObject({ uploads: 0 });
  });

  it("passes over a file that the storage refuses, and tries it again next time", async () => {
    const refusing = await anUpload();
    const other = await anUpload();
    await db().execute(
      sql`update uploads set expires_at = now() - interval '1 hour' where id = ${refusing.id}`,
    );
    await db().update(uploads).set({ expiresAt: sql`now()` }).where(eq(uploads.id, other.id));
    // A folder with something in it is not a file that can be deleted.
    const path = join(folder, "files/uploads", refusing.id);
    rmSync(path);
    mkdirSync(join(path, "stands-in-the-way"), { recursive: true });
    expect(await purgeFiles()).toMatchObject({ uploads: 1, refused: 1 });
    expect(stored()).not.toContain(other.id);
    rmSync(path, { recursive: true });
    expect(await purgeFiles()).toMatchObject({ uploads: 1, refused: 0 });
  });

  it("takes input and results of an old run, and keeps its line of history", async () => {
    const run = await begun(ada, { input: { text: "private" } });
    await work(run);
    await db().update(runs).set({ expiresAt: sql`now()` }).where(eq(runs.id, run.id));
    expect(await purgeFiles()).toMatchObject({ runs: 1 });
    expect(await read(ada, `/runs/${run.id}`)).toMatchObject({
      ...{ purged: true, input: {}, charged: 5, status: "succeeded" },
      outputs: [{ name: "echo.txt", bytes: 7, text: null }],
    });
    expect(existsSync(join(folder, "files/runs", run.id))).toBe(false);
    const gone = api.request(`/api/v1/runs/${run.id}/outputs/0`, { headers: ada.headers });
    expect(await refused(gone)).toEqual([404, "not_found"]);
  });

  it("leaves a run alone that has not ended", async () => {
    const run = await begun(ada);
    await db().update(runs).set({ expiresAt: sql`now()` }).where(eq(runs.id, run.id));
    expect(await purgeFiles()).toMatchObject({ runs: 0 });
    await work(run);
    expect(await purgeFiles()).toMatchObject({ runs: 1 });
  });

  it("leaves the files of a run alone that has not ended", async () => {
    const upload = await anUpload();
    const run = await begun(ada, { tool: "test-picture", input: { images: [upload.id] } });
    await db().update(uploads).set({ expiresAt: sql`now()` }).where(eq(uploads.id, upload.id));
    expect(await purgeFiles()).toMatchObject({ uploads: 0 });
    await work(run);
    expect(await read(ada, `/runs/${run.id}`)).toMatchObject({ status: "succeeded" });
    expect(await purgeFiles()).toMatchObject({ uploads: 1 });
  });

  it("removes what a killed process left on this disk, once it is a day old", async () => {
    const left = join(folder, "work", "run_old-1");
    mkdirSync(left, { recursive: true });
    writeFileSync(join(folder, "work", "young"), "x");
    const old = new Date(Date.now() - 25 * 3_600_000);
    utimesSync(left, old, old);
    await purgeFiles();
    expect(readdirSync(join(folder, "work"))).toEqual(["young"]);
  });
});

describe("an upload that a waiting run names", () => {
  it("cannot be deleted until the run is over", async () => {
    const upload = await anUpload();
    const run = await begun(ada, { tool: "test-picture", input: { images: [upload.id] } });
    const remove = () =>
      api.request(`/api/v1/uploads/${upload.id}`, { method: "DELETE", headers: ada.headers });
    expect(await refused(remove())).toEqual([409, "upload_in_use"]);
    await work(run);
    expect((await remove()).status).toBe(204);
    expect(await read(ada, `/runs/${run.id}`)).toMatchObject({
      status: "succeeded",
      outputs: [{ mediaType: "image/png" }],
    });
  });
});
