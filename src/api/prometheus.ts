import { createHash, timingSafeEqual } from "node:crypto";
import type { Context } from "hono";
import { readMetrics } from "#insight";
import { config } from "#platform/config";
import { Refusal } from "#platform/refusal";
import { type ApiEnv, newRouter } from "./router";

/**
 * This process's figures in Prometheus' format. By METRICS_TOKEN; where none is set, only for whoever asks on
 * this very machine and through no proxy. For everybody else there is nothing here.
 */
export const prometheus = newRouter().get("/", async (c) => {
  if (!mayRead(c)) throw new Refusal("not_found");
  const { contentType, text } = await readMetrics();
  return c.body(text, 200, { "Content-Type": contentType });
});

const loopback = new Set(["127.0.0.1", "::1", "::ffff:127.0.0.1"]);
const proxied = ["forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via"];

function mayRead(c: Context<ApiEnv>): boolean {
  const { METRICS_TOKEN } = config();
  if (METRICS_TOKEN) {
    const given = /^Bearer +(\S+)$/i.exec(c.req.header("authorization") ?? "")?.[1] ?? "";
    const digest = (text: string) => createHash("sha256").update(text).digest();
    return timingSafeEqual(digest(given), digest(METRICS_TOKEN));
  }
  const { remoteAddress } = c.env?.incoming?.socket ?? {};
  return loopback.has(remoteAddress ?? "") && proxied.every((name) => c.req.header(name) === undefined);
}
