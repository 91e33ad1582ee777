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

/** An IPv6 customer has a whole /64 to choose from, so that counts as one in rate limits. */
export function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address);
  if (mapped?.[1]) return mapped[1];
  if (!address.includes(":")) return address;
  const [head = "", tail = ""] = address.split("::");
  const front = head ? head.split(":") : [];
  const back = tail ? tail.split(":") : [];
  const zeros = address.includes("::") ? Array(Math.max(0, 8 - front.length - back.length)).fill("0") : [];
  return [...front, ...zeros, ...back].slice(0, 4).join(":").toLowerCase();
}

/** The network an address belongs to, as one guesser may have it: 256 addresses of IPv4, a /64 of IPv6. */
export function subnetOf(address: string): string {
  const network = networkOf(address);
  return /^\d+(\.\d+){3}$/.test(network) ? network.slice(0, network.lastIndexOf(".")) : network;
}
