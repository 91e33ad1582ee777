import { BlockList, isIP } from "node:net";
import { isBlockedPort } from "#platform/blocked-port";
import type { Localized } from "#tools/form";

/**
 * Which addresses are of the public internet. Pure. The server of a tool is asked by this site's own machine, so
 * whatever that machine reaches besides (its own services, its neighbours, the cloud's metadata) must not be named.
 */

/** Of IPv4 what IANA's special-purpose registry keeps from the internet, multicast, and what is reserved. */
const closed4 = new BlockList();
for (const [network, bits] of [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.31.196.0", 24],
  ["192.52.193.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["192.175.48.0", 24],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 4],
  ["240.0.0.0", 4],
  // Azure's own service of its machines, at a public address that only they reach.
  ["168.63.129.16", 32],
] as const) {
  closed4.addSubnet(network, bits, "ipv4");
}

/**
 * Of IPv6 only global unicast is public. So neither loopback nor private (fc00::/7, with fd00:ec2::254), nor what
 * carries an IPv4 address in itself: mapped (::ffff:0:0/96), translated (64:ff9b::/96); and of 2000::/3 not these.
 */
const open6 = new BlockList();
open6.addSubnet("2000::", 3, "ipv6");
const closed6 = new BlockList();
for (const [network, bits] of [
  // Protocol assignments: Teredo, which carries an IPv4 address, ORCHID, benchmarks.
  ["2001::", 23],
  ["2001:db8::", 32],
  // 6to4 carries one too.
  ["2002::", 16],
  ["2620:4f:8000::", 48],
  ["3fff::", 20],
] as const) {
  closed6.addSubnet(network, bits, "ipv6");
}

/** @param address in the usual form of either family; anything else is not public */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return !closed4.check(address, "ipv4");
  return family === 6 && open6.check(address, "ipv6") && !closed6.check(address, "ipv6");
}

const sentences = {
  noAddress: { en: "This is not an address.", zh: "这不是网址。" },
  https: { en: "It must begin with https://.", zh: "网址必须以 https:// 开头。" },
  password: { en: "It must not hold a name or password.", zh: "网址中不能包含用户名或密码。" },
  port: { en: "No server of a tool listens on this port.", zh: "不允许使用此端口。" },
  private: { en: "This address is not on the public internet.", zh: "此地址不在公共互联网上。" },
} as const satisfies Record<string, Localized>;

/** What is wrong with an address to send a request to; null for one that may be asked, as far as it says. */
export function faultOfUrl(text: string, privateToo: boolean): Localized | null {
  if (!URL.canParse(text)) return sentences.noAddress;
  const url = new URL(text);
  const host = hostOf(url);
  if (url.protocol !== "https:" && !(privateToo && url.protocol === "http:")) return sentences.https;
  if (url.username !== "" || url.password !== "") return sentences.password;
  if (!isSensiblePort(url)) return sentences.port;
  if (!privateToo && (isLocalName(host) || (isIP(host) !== 0 && !isPublicAddress(host))))
    return sentences.private;
  return null;
}

/** By RFC 6761 this machine itself, whatever a resolver would say. */
function isLocalName(host: string): boolean {
  return /(^|\.)localhost\.?$/.test(host);
}

/** The name or address, without the brackets of IPv6. */
function hostOf(url: URL): string {
  return url.hostname.replace(/^\[(.*)\]$/, "$1");
}

/** The web's own ports, and those above the system's where no other protocol lives. */
function isSensiblePort({ port }: URL): boolean {
  return (
    port === "" || port === "443" || port === "80" || (Number(port) >= 1024 && !isBlockedPort(Number(port)))
  );
}
