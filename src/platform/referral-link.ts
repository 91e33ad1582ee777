/** What a referral link carries, and the cookie that remembers it until its reader signs up. */

export const referralParameter = "ref";
export const referralCookie = "toolmint.referral";
/** How long a browser remembers who sent it. */
export const referralCookieSeconds = 30 * 24 * 3600;

export function isReferralCode(text: string | null | undefined): text is string {
  return typeof text === "string" && /^[0-9a-z]{10}$/.test(text);
}

/** Who sent this browser, by the cookie. */
export function readReferral(headers: Headers): string | null {
  const start = `${referralCookie}=`;
  const pairs = (headers.get("cookie") ?? "").split(";").map((pair) => pair.trim());
  const code = pairs.find((pair) => pair.startsWith(start))?.slice(start.length);
  return isReferralCode(code) ? code : null;
}
