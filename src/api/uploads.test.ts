import { randomBytes } from "node:crypto";
import { readdirSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { connect } from "node:net";
import { join } from "node:path";
import { getRequestListener } from "@hono/node-server";
import { eq } from "drizzle-orm";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { newId } from "#platform/id";
import { uploads } from "#schema";
import { testDatabase, testFolder } from "#test";
import { api } from "./app";
import { aUser, type TestUser } from "./test-caller";

const { db } = testDatabase();
const folder = testFolder();
process.env.STORAGE_QUOTA_MB = "1";

let ada: TestUser;
let bob: TestUser;
let png: Uint8Array<ArrayBuffer>;

beforeAll(async () => {
  ada = await aUser("ada");
  bob = await aUser("bob");
  png = await aPicture(40, 30);
});

async function aPicture(width: number, height: number): Promise<Uint8Array<ArrayBuffer>> {
  const picture = sharp({ create: { width, height, channels: 3, background: "teal" } });
  return new Uint8Array(await picture.png().toBuffer());
}

function form(bytes: Uint8Array<ArrayBuffer>, name = "picture.png", type = "image/png"): FormData {
  const body = new FormData();
  body.set("file", new File([bytes], name, { type }));
  return body;
}

function post(user: TestUser, body: FormData, headers: Record<string, string> = {}) {
  const key = { "Idempotency-Key": newId("request") };
  return api.request("/api/v1/uploads", {
    method: "POST",
    body,
    headers: { ...user.headers, ...key, ...headers },
  });
}

async function refused(answer: Response | Promise<Response>): Promise<[number, string]> {
  const { status, code } = await (await answer).json();
  return [status, code];
}

describe("POST /api/v1/uploads", () => {
  it("stores a picture and says what it measured", async () => {
    const answer = await post(ada, form(png));
    expect(answer.status).toBe(201);
    const upload = await answer.json();
    const measured = { mediaType: "image/png", width: 40, height: 30, pages: null, bytes: png.length };
    expect(upload).toMatchObject({ name: "picture.png", ...measured });
    const read = await api.request(`/api/v1/uploads/${upload.id}`, { headers: ada.headers });
    expect(await read.json()).toEqual(upload);
  });

  it("hands the content out as an attachment, a picture in place when asked", async () => {
    const { url } = await (await post(ada, form(png, "Ä\u0000b/с.png"))).json();
    const content = await api.request(url, { headers: ada.headers });
    expect(new Uint8Array(await content.arrayBuffer())).toEqual(png);
    expect(content.headers.get("content-disposition")).toBe(
      "attachment; filename=\"_.png\"; filename*=UTF-8''%D1%81.png",
    );
    expect(content.headers.get("content-security-policy")).toContain("sandbox");
    expect(content.headers.get("x-content-type-options")).toBe("nosniff");
    const shown = await api.request(`${url}?inline=1`, { headers: ada.headers });
    expect(shown.headers.get("content-disposition")).toMatch(/^inline/);
  });

  it("answers HEAD from what it knows, and opens no file that nobody would close", async () => {
    const { id, url } = await (await post(ada, form(png))).json();
    rmSync(join(folder, "files/uploads", id));
    const answer = await api.request(url, { method: "HEAD", headers: ada.headers });
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      "content-type": "image/png",
      "content-length": `${png.length}`,
    });
    expect(await refused(api.request(url, { headers: ada.headers }))).toEqual([404, "not_found"]);
  });

  it("keeps a picture as it came, and never shows as a page what hides in it", async () => {
    const markup = new TextEncoder().encode("<!doctype html><script>alert(1)</script>");
    const disguised = new Uint8Array([...png, ...markup]);
    const answer = await post(ada, form(disguised, "page.html", "text/html"));
    expect(answer.status).toBe(201);
    const { url, mediaType } = await answer.json();
    expect(mediaType).toBe("image/png");
    for (const way of [url, `${url}?inline=1`]) {
      const content = await api.request(way, { headers: ada.headers });
      expect(new Uint8Array(await content.arrayBuffer())).toEqual(disguised);
      expect(Object.fromEntries(content.headers)).toMatchObject({
        "content-type": "image/png",
        "x-content-type-options": "nosniff",
        "content-security-policy": "sandbox; default-src 'none'",
      });
    }
  });

  it("shows nothing in place but pictures that browsers draw", async () => {
    const tiff = new Uint8Array(await sharp(png).tiff().toBuffer());
    const { url, mediaType } = await (await post(ada, form(tiff, "scan.tiff"))).json();
    expect(mediaType).toBe("image/tiff");
    const content = await api.request(`${url}?inline=1`, { headers: ada.headers });
    expect(content.headers.get("content-disposition")).toMatch(/^attachment/);
  });

  it("refuses an SVG, which is a program", async () => {
    const svg = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>';
    for (const head of ["", '<?xml version="1.0"?>\n']) {
      const file = new Uint8Array(new TextEncoder().encode(head + svg));
      expect(await refused(post(ada, form(file, "logo.svg", "image/svg+xml")))).toEqual([
        422,
        "upload_unsupported",
      ]);
    }
  });

  it("refuses a file that is not what its name says", async () => {
    const program = new Uint8Array([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0]);
    expect(await refused(post(ada, form(program)))).toEqual([422, "upload_unsupported"]);
  });

  it("refuses a picture that was cut off, and an empty file", async () => {
    const noise = await sharp(
      Buffer.alloc(90_000, 7).map((_, i) => (i * 7919) % 251),
      {
        raw: { width: 200, height: 150, channels: 3 },
      },
    )
      .png()
      .toBuffer();
    const half = new Uint8Array(noise.subarray(0, noise.length / 2));
    expect(await refused(post(ada, form(half)))).toEqual([422, "upload_corrupt"]);
    expect(await refused(post(ada, form(new Uint8Array())))).toEqual([422, "upload_corrupt"]);
  });

  it("refuses a file over the limit while it is read, and leaves nothing behind", async () => {
    const answer = await post(ada, form(new Uint8Array(60 * 1024 * 1024)));
    expect(await refused(answer)).toEqual([413, "upload_too_large"]);
    expect(readdirSync(join(folder, "tmp"))).toEqual([]);
  });

  it("refuses what would go over the customer's total", async () => {
    const cleo = await aUser("cleo");
    const { width, height } = { width: 500, height: 400 };
    const raw = randomBytes(width * height * 3);
    const big = new Uint8Array(
      await sharp(raw, { raw: { width, height, channels: 3 } })
        .png()
        .toBuffer(),
    );
    expect(big.length).toBeGreaterThan(350_000);
    const answers = await Promise.all([1, 2, 3].map(() => post(cleo, form(big))));
    expect(answers.filter(({ status }) => status === 201).length).toBeLessThan(3);
    const no = answers.find(({ status }) => status !== 201);
    expect(await no?.json()).toMatchObject({ code: "storage_full", quotaBytes: 1024 * 1024 });
  });

  it("needs one connection at a time, so uploads cannot wait for each other's", async () => {
    const pool = db().$client;
    const inUse = await Promise.all(Array.from({ length: pool.options.max - 1 }, () => pool.connect()));
    try {
      expect((await post(ada, form(png))).status).toBe(201);
    } finally {
      for (const connection of inUse) connection.release();
    }
  });

  it("does a repeated request once, and refuses the key for another file", async () => {
    const key = { "Idempotency-Key": "upload-1" };
    const first = await (await post(ada, form(png), key)).json();
    const again = await (await post(ada, form(png), key)).json();
    expect(again.id).toBe(first.id);
    const other = post(ada, form(await aPicture(8, 8)), key);
    expect(await refused(other)).toEqual([409, "idempotency_conflict"]);
  });

  it("stores a file anew under the key of one that was deleted", async () => {
    const key = { "Idempotency-Key": "upload-2" };
    const first = await (await post(ada, form(png), key)).json();
    const path = `/api/v1/uploads/${first.id}`;
    await api.request(path, { method: "DELETE", headers: ada.headers });
    const again = await (await post(ada, form(png), key)).json();
    expect(again.id).not.toBe(first.id);
    expect(await (await post(ada, form(png), key)).json()).toEqual(again);
    const content = await api.request(again.url, { headers: ada.headers });
    expect(new Uint8Array(await content.arrayBuffer())).toEqual(png);
  });

  it("asks for an Idempotency-Key", async () => {
    const { headers } = ada;
    const answer = await api.request("/api/v1/uploads", { method: "POST", body: form(png), headers });
    expect(await answer.json()).toMatchObject({ status: 422, errors: [{ path: "Idempotency-Key" }] });
  });

  it("names a missing file, and refuses what is not multipart", async () => {
    const empty = new FormData();
    empty.set("note", "no file");
    const answer = await post(ada, empty);
    expect(await answer.json()).toMatchObject({ status: 422, errors: [{ path: "file" }] });
    const json = {
      method: "POST",
      headers: { ...ada.headers, "content-type": "application/json", "idempotency-key": "not-a-form" },
      body: "{}",
    };
    expect(await refused(api.request("/api/v1/uploads", json))).toEqual([415, "unsupported_media_type"]);
  });

  it("needs our own origin", async () => {
    const elsewhere = post(ada, form(png), { origin: "https://evil.example" });
    expect(await refused(elsewhere)).toEqual([403, "bad_origin"]);
  });
});

describe("an upload over HTTP", () => {
  const server = createServer(getRequestListener(api.fetch));
  let port: number;

  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    if (typeof address !== "object" || !address) throw new Error("no address");
    port = address.port;
  });

  afterAll(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  const head = '--b0undary\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n\r\n';

  /** Sends 200 MB without saying how long it is; `sent` is how many of them were taken. */
  async function sendEndless(method: string, headers: Record<string, string>) {
    let sent = 0;
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(new TextEncoder().encode(head)),
      pull: (controller) => {
        if (sent === 200) return controller.close();
        sent += 1;
        controller.enqueue(new Uint8Array(1024 * 1024));
      },
    });
    const init: RequestInit & { duplex: "half" } = { method, headers, body, duplex: "half" };
    const answer = await fetch(`http://127.0.0.1:${port}/api/v1/uploads`, init);
    return { refusal: await refused(answer), sent };
  }

  it("is refused at its limit, however long it goes on, and leaves nothing behind", async () => {
    const type = { "content-type": "multipart/form-data; boundary=b0undary" };
    const headers = { ...ada.headers, ...type, "idempotency-key": "endless" };
    const { refusal, sent } = await sendEndless("POST", headers);
    expect(refusal).toEqual([413, "upload_too_large"]);
    expect(sent).toBeLessThan(100);
    expect(readdirSync(join(folder, "tmp"))).toEqual([]);
  });

  it("that is no form is refused at 1 MB, whoever sends it and by whatever method", async () => {
    const json = { "content-type": "application/json" };
    const form = { "content-type": "multipart/form-data; boundary=b0undary" };
    const ways = [
      ["POST", json],
      ["PATCH", json],
      ["PUT", form],
    ] as const;
    for (const [method, headers] of ways) {
      const { refusal, sent } = await sendEndless(method, headers);
      expect(refusal).toEqual([413, "payload_too_large"]);
      expect(sent).toBeLessThan(20);
    }
  });

  it("whose client goes away ends, and leaves nothing behind", async () => {
    const socket = connect(port, "127.0.0.1");
    const lines = [
      "POST /api/v1/uploads HTTP/1.1",
      "Host: localhost",
      ...Object.entries(ada.headers).map(([name, value]) => `${name}: ${value}`),
      "Idempotency-Key: goes-away",
      "Content-Type: multipart/form-data; boundary=b0undary",
      "Content-Length: 100000",
      "",
      head,
    ];
    socket.write(lines.join("\r\n"));
    socket.write(new Uint8Array(20_000));
    const left = () => readdirSync(join(folder, "tmp"));
    await expect.poll(left).toHaveLength(1);
    socket.destroy();
    await expect.poll(left).toEqual([]);
  });
});

describe("another's upload", () => {
  it("answers 404, as one that never was", async () => {
    const upload = await (await post(ada, form(png))).json();
    for (const path of [`/api/v1/uploads/${upload.id}`, upload.url]) {
      expect(await refused(api.request(path, { headers: bob.headers }))).toEqual([404, "not_found"]);
    }
    const gone = api.request(`/api/v1/uploads/${upload.id}`, { method: "DELETE", headers: bob.headers });
    expect(await refused(gone)).toEqual([404, "not_found"]);
  });

  it("answers 401 to nobody", async () => {
    expect(await refused(api.request("/api/v1/uploads/upl_x"))).toEqual([401, "unauthenticated"]);
  });
});

describe("DELETE /api/v1/uploads/{id}", () => {
  it("deletes the bytes and marks the row", async () => {
    const upload = await (await post(ada, form(png))).json();
    const path = `/api/v1/uploads/${upload.id}`;
    const answer = await api.request(path, { method: "DELETE", headers: ada.headers });
    expect(answer.status).toBe(204);
    expect(await refused(api.request(path, { headers: ada.headers }))).toEqual([404, "not_found"]);
    const [row] = await db().select().from(uploads).where(eq(uploads.id, upload.id));
    expect(row?.deletedAt).not.toBeNull();
    expect(readdirSync(join(folder, "files/uploads"))).not.toContain(upload.id);
  });
});
