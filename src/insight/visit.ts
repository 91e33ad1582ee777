import { isIP } from "node:net";
import { z } from "zod";
import { storable } from "#platform/storable";

/**
 * What a browser's request says of a visit, and for whom nothing is kept: programs, prefetches, and whoever
 * asks not to be tracked. Pure.
 */

/** Where a visit came from, each null when it is not said. */
export type Arrival = {
  referrer: string | null;
  utmSource: string | null;
  utmMedium: string | null;
  utmCampaign: string | null;
};

/** Nobody's wish and no person's visit: it is not kept, and leaves no trace. */
export type Unwanted = "program" | "prefetch";

const programs =
  /bot|crawl|spider|slurp|headless|lighthouse|preview|monitor|uptime|probe|scan|fetch|curl|wget|python|java\/|go-http|okhttp|axios|node|undici|libwww|httpclient|phantom|puppeteer|playwright|selenium|facebookexternalhit|embedly|feed|validator|archiv/i;

/** Why a request is no person's visit, or null. */
export function unwanted(headers: Headers): Unwanted | null {
  const agent = headers.get("user-agent") ?? "";
  if (agent.length < 20 || programs.test(agent)) return "program";
  const purpose = `${headers.get("sec-purpose") ?? ""} ${headers.get("purpose") ?? ""} ${headers.get("x-moz") ?? ""}`;
  return /prefetch|prerender|preview/i.test(purpose) ? "prefetch" : null;
}

/** Do Not Track and Global Privacy Control: then nothing of the person is kept. */
export function optsOut(headers: Headers): boolean {
  return headers.get("dnt") === "1" || headers.get("sec-gpc") === "1";
}

const id = /^[a-z]{3,5}_[0-9a-z]{26}$|^[0-9a-f-]{20,}$|^\d{3,}$|^[\w-]{24,}$/i;

/** A page's path for counting: without query and language, with [id] for what names one thing only. */
export function pagePath(path: string): string {
  const [pathname = "/"] = path.split(/[?#]/, 1);
  const parts = pathname.split("/").filter(Boolean).slice(0, 6);
  if (parts[0] === "zh") parts.shift();
  return `/${parts.map((part) => (id.test(part) ? "[id]" : storable(part, 60))).join("/")}`;
}

/** Where a page view came from: the host that linked here, if it is another's, and the campaign's marks. */
export function arrivalOf(referrer: string, search: string, ownHost: string): Arrival {
  const marks = new URLSearchParams(search);
  const mark = (name: string) => storable(marks.get(name)?.trim() ?? "", 80).toLowerCase() || null;
  return {
    referrer: hostOf(referrer, ownHost),
    utmSource: mark("utm_source"),
    utmMedium: mark("utm_medium"),
    utmCampaign: mark("utm_campaign"),
  };
}

function hostOf(referrer: string, ownHost: string): string | null {
  const url = URL.canParse(referrer) ? new URL(referrer) : null;
  if (!url || !/^https?:$/.test(url.protocol) || isIP(url.hostname)) return null;
  const host = url.hostname.replace(/^www\./, "").toLowerCase();
  return host === ownHost.replace(/^www\./, "") || host === "localhost" ? null : host.slice(0, 100);
}

const countryCode = z.string().regex(/^[A-Z]{2}$/);

/** What the operator's proxy says of the country, by the header it names it in; null without one. */
export function countryOf(headers: Headers, header: string | undefined): string | null {
  const said = countryCode.safeParse(header ? headers.get(header)?.trim().toUpperCase() : undefined);
  // By which proxies say that they do not know.
  return said.success && said.data !== "XX" ? said.data : null;
}

/** Somebody's source in one word: the campaign, a customer's link, the host that linked here, or nothing known. */
export function sourceOf(arrival: Arrival, referred: boolean): string {
  if (arrival.utmSource) return arrival.utmSource;
  if (referred) return "referral";
  return arrival.referrer ?? "direct";
}
