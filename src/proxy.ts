import { type NextRequest, NextResponse } from "next/server";
import { isChinesePath, type Locale, localeCookie, localeHeader, localeOfPage } from "#i18n/locale";
import { config as settings } from "#platform/config";
import { strictTransport } from "#platform/origins";
import {
  isReferralCode,
  referralCookie,
  referralCookieSeconds,
  referralParameter,
} from "#platform/referral-link";

/**
 * Runs before every page: chooses the language, gives the response its content security policy with a
 * fresh nonce (Next reads it off the request and puts it on its scripts), and the other security headers.
 */
export function proxy(request: NextRequest): NextResponse {
  const { pathname, search } = request.nextUrl;
  const inChinese = isChinesePath(pathname);
  const path = inChinese ? pathname.slice(3) || "/" : pathname;
  // By its parts, never resolved as a text: "//elsewhere" would be another host.
  const target = request.nextUrl.clone();
  target.pathname = path;
  if (inChinese && !isPublic(path)) return NextResponse.redirect(target);
  const nonce = btoa(crypto.randomUUID());
  const policy = contentSecurityPolicy(nonce, path === "/billing/pay" ? payHosts() : noHosts);
  const headers = new Headers(request.headers);
  headers.set(localeHeader, localeOf(request));
  headers.set("x-path", path + search);
  headers.set("content-security-policy", policy);

  const response = inChinese
    ? NextResponse.rewrite(target, { request: { headers } })
    : NextResponse.next({ request: { headers } });
  response.headers.set("content-security-policy", policy);
  for (const [name, value] of securityHeaders) response.headers.set(name, value);
  const code = request.nextUrl.searchParams.get(referralParameter);
  if (isReferralCode(code)) {
    const secure = request.nextUrl.protocol === "https:" || strictTransport() !== null;
    const cookie = { path: "/", maxAge: referralCookieSeconds, sameSite: "lax", httpOnly: true } as const;
    response.cookies.set(referralCookie, code, { ...cookie, secure });
  }
  const hsts = strictTransport();
  if (hsts) response.headers.set("strict-transport-security", hsts);
  if (!isPublic(path)) response.headers.set("x-robots-tag", "noindex");
  // Who reads a page under /zh has chosen the language, and its links lead to unprefixed pages.
  if (inChinese && request.headers.get("sec-fetch-dest") === "document") {
    response.cookies.set(localeCookie, "zh", { path: "/", maxAge: 31_536_000, sameSite: "lax" });
  }
  return response;
}

const publicPages = new Set([
  "/",
  "/pricing",
  "/tools",
  "/docs",
  "/terms",
  "/privacy",
  "/refunds",
  "/status",
]);

/** Pages that anybody may read and search engines may list; they also stand under /zh. */
function isPublic(path: string): boolean {
  return publicPages.has(path) || /^\/tools\/[^/]+$/.test(path);
}

function localeOf(request: NextRequest): Locale {
  return localeOfPage({
    pathname: request.nextUrl.pathname,
    cookie: request.cookies.get(localeCookie)?.value,
    acceptLanguage: request.headers.get("accept-language"),
  });
}

// biome-ignore lint/style/noProcessEnv: a constant of the build; `next dev` evaluates code and adds styles without a nonce
const reloading = process.env.NODE_ENV === "development";

function contentSecurityPolicy(nonce: string, { script, connect, frame, image }: Hosts): string {
  return [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${reloading ? " 'unsafe-eval'" : ""}${script}`,
    `style-src 'self' ${reloading ? "'unsafe-inline'" : `'nonce-${nonce}'`}`,
    // Positions and sizes that React renders as style attributes; elements and sheets need the nonce.
    "style-src-attr 'unsafe-inline'",
    `img-src 'self' blob: data:${image}`,
    "font-src 'self'",
    `connect-src 'self'${connect}`,
    "media-src 'self' blob:",
    "worker-src 'self' blob:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    `frame-src 'self'${frame}`,
    "frame-ancestors 'none'",
  ].join("; ");
}

type Hosts = { script: string; connect: string; frame: string; image: string };
const noHosts: Hosts = { script: "", connect: "", frame: "", image: "" };

/** What Stripe's form needs; on the one page that shows it, and only where the operator has set its key. */
function payHosts(): Hosts {
  if (!settings().STRIPE_PUBLISHABLE_KEY) return noHosts;
  return {
    script: " https://js.stripe.com https://*.js.stripe.com",
    connect: " https://api.stripe.com",
    frame: " https://js.stripe.com https://*.js.stripe.com https://hooks.stripe.com",
    image: " https://*.stripe.com",
  };
}

const securityHeaders: readonly (readonly [name: string, value: string])[] = [
  ["x-content-type-options", "nosniff"],
  ["x-frame-options", "DENY"],
  ["referrer-policy", "strict-origin-when-cross-origin"],
  ["cross-origin-opener-policy", "same-origin"],
  ["permissions-policy", "camera=(), geolocation=(), microphone=(), payment=(self)"],
];

export const config = {
  matcher: ["/((?!api/|_next/|samples/|(?:icon\\.svg|opengraph-image|favicon\\.ico)$).*)"],
};
