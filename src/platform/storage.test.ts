import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer, text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { config } from "./config";
import { singleton } from "./singleton";
import { deleteFile, deleteFolder, fetchFile, openFile, storeFile, storeText } from "./storage";

/** As much of S3's protocol as flydrive speaks, in memory. */
class Bucket {
  readonly objects = new Map<string, Buffer>();
  readonly server: Server = createServer((request, response) => {
    this.answer(request).then(
      ({ status, body = "" }) => response.writeHead(status).end(request.method === "HEAD" ? "" : body),
      () => response.writeHead(500).end(),
    );
  });

  async answer(request: IncomingMessage): Promise<{ status: number; body?: string | Buffer }> {
    const url = new URL(request.url ?? "/", "http://s3");
    const key = decodeURIComponent(url.pathname).replace(/^\/shop\/?/, "");
    const body = await buffer(request);
    if (!request.headers.authorization?.includes("Credential=key-id/")) return { status: 403 };
    if (request.method === "PUT") {
      this.objects.set(key, body);
      return { status: 200 };
    }
    if (request.method === "POST" && url.searchParams.has("delete")) {
      for (const [, name] of body.toString().matchAll(/<Key>([^<]+)<\/Key>/g))
        this.objects.delete(name ?? "");
      return { status: 200, body: "<DeleteResult/>" };
    }
    if (request.method === "DELETE") {
      this.objects.delete(key);
      return { status: 204 };
    }
    if (key === "") {
      const prefix = url.searchParams.get("prefix") ?? "";
      const names = [...this.objects.keys()].filter((name) => name.startsWith(prefix));
      const list = names.map((name) => `<Contents><Key>${name}</Key></Contents>`).join("");
      return { status: 200, body: `<ListBucketResult>${list}</ListBucketResult>` };
    }
    const found = this.objects.get(key);
    return found ? { status: 200, body: found } : { status: 404 };
  }
}

const folder = mkdtempSync(join(tmpdir(), "toolmint-storage-"));

function behavesLikeStorage() {
  it("keeps files and texts under their keys", async () => {
    const path = join(folder, "in.bin");
    writeFileSync(path, "bytes");
    await storeFile("runs/a/1/0", path, "application/octet-stream");
    await storeText("runs/a/1/1", "text", "text/plain");
    const copy = join(folder, "out.bin");
    await fetchFile("runs/a/1/0", copy);
    expect(readFileSync(copy, "utf8")).toBe("bytes");
    const stream = await openFile("runs/a/1/1");
    expect(stream && (await text(stream))).toBe("text");
  });

  it("shows one of two files stored under one key, never a mix or a part", async () => {
    const wholes = ["a", "b"].map((letter) => letter.repeat(4_000_000));
    await storeText("uploads/twice", wholes[0] ?? "", "text/plain");
    const stored = Promise.all(
      [...wholes, ...wholes].map((whole) => storeText("uploads/twice", whole, "text/plain")),
    );
    for (let read = 0; read < 10; read += 1) {
      const stream = await openFile("uploads/twice");
      expect(wholes.includes(stream ? await text(stream) : "")).toBe(true);
    }
    await stored;
    await deleteFile("uploads/twice");
  });

  it("knows what it does not have", async () => {
    expect(await openFile("uploads/none")).toBeNull();
    await expect(fetchFile("uploads/none", join(folder, "x"))).rejects.toThrow("nothing under uploads/none");
    await deleteFile("uploads/none");
    await deleteFolder("runs/none");
  });

  it("deletes a folder and nothing beside it", async () => {
    await storeText("runs/b/1/0", "one", "text/plain");
    await storeText("runs/b/2/0", "two", "text/plain");
    await storeText("runs/bc/1/0", "three", "text/plain");
    await deleteFolder("runs/b");
    expect(await openFile("runs/b/1/0")).toBeNull();
    expect(await openFile("runs/b/2/0")).toBeNull();
    const beside = await openFile("runs/bc/1/0");
    expect(beside && (await text(beside))).toBe("three");
    await deleteFile("runs/bc/1/0");
    expect(await openFile("runs/bc/1/0")).toBeNull();
  });
}

describe("storage on the local disk", () => {
  beforeAll(() => {
    config().dataDir = folder;
  });
  behavesLikeStorage();

  it("lies under DATA_DIR/files", () => {
    expect(readdirSync(join(folder, "files/runs/a/1"))).toEqual(["0", "1"]);
  });
});

describe("storage in an S3-compatible bucket", () => {
  const bucket = new Bucket();
  beforeAll(async () => {
    await new Promise<void>((resolve) => bucket.server.listen(0, "127.0.0.1", resolve));
    const address = bucket.server.address();
    if (typeof address !== "object" || !address) throw new Error("no address");
    singleton("storage").clear();
    Object.assign(config(), {
      STORAGE_DRIVER: "s3",
      S3_BUCKET: "shop",
      S3_REGION: "eu-central-1",
      S3_ENDPOINT: `http://127.0.0.1:${address.port}`,
      S3_ACCESS_KEY_ID: "key-id",
      S3_SECRET_ACCESS_KEY: "secret",
    });
  });
  afterAll(async () => {
    singleton("storage").clear();
    bucket.server.closeAllConnections();
    await new Promise((resolve) => bucket.server.close(resolve));
  });
  behavesLikeStorage();

  it("sends the bytes as they are", () => {
    expect(bucket.objects.get("runs/a/1/0")?.toString()).toBe("bytes");
  });
});
