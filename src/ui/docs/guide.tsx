import { getTranslations } from "next-intl/server";
import { keyPrefix, listKeys, mayRole, type Session } from "#identity";
import { config } from "#platform/config";
import { findTool, unitPrice } from "#tools";
import { serverFormat } from "#ui/server-format";
import { type ListedError, listedErrors } from "./errors";
import { metering, running, type Samples, setting } from "./samples";

/** The guide's content, from which both the page and its Markdown are made. */

export type Section = {
  id: "key" | "tools" | "run" | "meter" | "idempotency" | "limits";
  title: string;
  text: string;
  /** A sample for a shell, or one in three languages. */
  code?: string | Samples;
  /** What stands before it. */
  setting?: string;
};

export type Guide = {
  title: string;
  lead: string;
  sections: Section[];
  errors: {
    title: string;
    text: string;
    heads: { status: string; code: string; meaning: string; fix: string; again: string };
    rows: ErrorRow[];
    /** Those that no key can meet. */
    others: { title: string; text: string; rows: ErrorRow[] };
  };
};

export type ErrorRow = { status: number; code: string; meaning: string; fix: string; again: string };

const example = "text-recognition";

/** @param session whose address, account and newest key's prefix the samples name; null for a visitor. */
export async function readGuide(session: Session | null): Promise<Guide> {
  const t = await getTranslations("docs");
  const site = config().baseUrl;
  const own = await hintOf(session, "own");
  const service = await hintOf(session, "service");
  const account = session?.accountId ?? "acct_…";
  const reader = session === null ? "visitor" : own === `${keyPrefix()}…` ? "account" : "key";
  const sections: Section[] = [
    { id: "key", title: t("keyTitle"), text: t("keyText"), code: setting({ site, hint: own }) },
    { id: "tools", title: t("toolsTitle"), text: t("toolsText"), code: `curl ${site}/api/v1/tools` },
    {
      id: "run",
      title: t("runTitle"),
      text: `${t("runText")} ${t("runPrice", { price: await priceOf(example) })}`,
      setting: setting({ site, hint: own }),
      code: running,
    },
    {
      id: "meter",
      title: t("meterTitle"),
      text: t("meterText"),
      setting: setting({ site, hint: service, account }),
      code: metering,
    },
    { id: "idempotency", title: t("idempotencyTitle"), text: t("idempotencyText") },
    { id: "limits", title: t("limitsTitle"), text: t("limitsText") },
  ];
  const rows = (met: ListedError["by"]) =>
    listedErrors
      .filter(({ by }) => by === met)
      .map(({ status, code, again }) => ({
        ...{ status, code, again: t(again) },
        meaning: t(`error.${code}.meaning`),
        fix: t(`error.${code}.fix`),
      }));
  const others = { title: t("errorsSession"), text: t("errorsSessionText"), rows: rows("session") };
  const heads = {
    status: t("status"),
    code: t("code"),
    meaning: t("meaning"),
    fix: t("fix"),
    again: t("again"),
  };
  return {
    title: t("title"),
    lead: t("lead", { reader }),
    sections,
    errors: { title: t("errorsTitle"), text: t("errorsText"), heads, rows: rows("anybody"), others },
  };
}

/** Prefix and last four of one's newest key that still works, else only how keys begin. */
async function hintOf(session: Session | null, kind: "own" | "service"): Promise<string> {
  const prefix = `${keyPrefix()}…`;
  if (!session || (kind === "service" && !mayRole(session.user.role, "keys.service"))) return prefix;
  const now = new Date();
  const key = (await listKeys(session, kind)).find(
    ({ revokedAt, expiresAt }) => !revokedAt && (!expiresAt || expiresAt > now),
  );
  return key?.hint ?? prefix;
}

async function priceOf(slug: string): Promise<string> {
  const t = await getTranslations("tools.price");
  const format = await serverFormat();
  const tool = await findTool(slug);
  const price = tool && unitPrice(tool);
  if (!price) return "—";
  const credits = `${format.decimal(price.credits)} ${format.creditUnit(price.credits)}`;
  return t(price.kind, { credits, unit: t(`unit.${price.unit ?? "run"}`) });
}
