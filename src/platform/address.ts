import type { IncomingMessage } from "node:http";
import { config } from "./config";

/**
 * Who is at the other end, for rate limits. X-Forwarded-For is believed only as far as the operator says
 * that proxies of theirs wrote it (PROXY_HOPS): anybody can send the rest.
 */
export function addressOf(
  socket: Pick<IncomingMessage["socket"], "remoteAddress"> | undefined,
  forwardedFor: string | null | undefined,
): string {
  const hops = config().PROXY_HOPS;
  const forwarded = (forwardedFor ?? "").split(",").map((part) => part.trim());
  const believed = hops > 0 ? forwarded.at(-hops) : undefined;
  return believed || socket?.remoteAddress || "unknown";
}
