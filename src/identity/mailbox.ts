/** What a mail address says of whose it is. Pure. */

export type Mailbox = {
  /** The address without what its provider ignores: two that reach one person are one. */
  mailbox: string;
  /** The domain that somebody registered; null for a public provider's. */
  domain: string | null;
};

export function mailboxOf(email: string): Mailbox {
  const at = email.lastIndexOf("@");
  const host = email.slice(at + 1).toLowerCase();
  const domain = alias.get(host) ?? host;
  const [plain = ""] = email.slice(0, at).toLowerCase().split("+");
  const local = ignores(domain, plain);
  return { mailbox: `${local}@${domain}`, domain: isPublic(domain) ? null : registered(domain) };
}

const alias = new Map([
  ["googlemail.com", "gmail.com"],
  ["protonmail.com", "proton.me"],
  ["pm.me", "proton.me"],
]);

/** Gmail ignores dots, Proton dots, hyphens and underscores; Yahoo takes a hyphen for what others take a plus. */
function ignores(domain: string, local: string): string {
  if (domain === "gmail.com") return local.replaceAll(".", "");
  if (domain === "proton.me") return local.replaceAll(/[._-]/g, "");
  if (/^yahoo\./.test(domain)) return local.split("-")[0] ?? local;
  return local;
}

const publicNames = new Set([
  ...["gmail.com", "icloud.com", "me.com", "mac.com", "aol.com", "proton.me", "web.de", "t-online.de"],
  ...["mail.com", "fastmail.com", "hey.com", "tutanota.com", "tuta.io", "tuta.com", "duck.com", "zoho.com"],
  ...["qq.com", "foxmail.com", "163.com", "126.com", "yeah.net", "sina.com", "sina.cn", "sohu.com"],
  ...["139.com", "189.cn", "wo.cn", "21cn.com", "aliyun.com", "tom.com", "naver.com", "daum.net"],
  ...["hanmail.net", "kakao.com", "mail.ru", "inbox.ru", "list.ru", "bk.ru", "rambler.ru", "ya.ru"],
  ...["free.fr", "orange.fr", "laposte.net", "sfr.fr", "wanadoo.fr", "libero.it", "virgilio.it", "wp.pl"],
  ...["o2.pl", "onet.pl", "interia.pl", "seznam.cz", "rediffmail.com", "comcast.net", "verizon.net"],
  ...["att.net", "sbcglobal.net", "btinternet.com", "sky.com", "bigpond.com", "uol.com.br", "bol.com.br"],
]);
/** Those with a domain in many countries: `outlook.de`. */
const publicFamilies =
  /^(outlook|hotmail|live|msn|yahoo|ymail|rocketmail|gmx|yandex)\.(com|net|[a-z]{2}|(co|com)\.[a-z]{2})$/;

function isPublic(domain: string): boolean {
  return publicNames.has(domain) || publicFamilies.test(domain);
}

/** The part that is sold: whoever has it has all subdomains, too. */
function registered(domain: string): string {
  const labels = domain.split(".");
  const [second = "", top = ""] = labels.slice(-2);
  const isShared = top.length === 2 && /^(ac|co|com|edu|gob|gov|ne|net|or|org)$/.test(second);
  return labels.slice(isShared ? -3 : -2).join(".");
}
