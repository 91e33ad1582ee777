"use client";

import { useTranslations } from "next-intl";
import { planIds } from "#billing/catalogue";
import { isDay } from "#format";
import { useFormat } from "#ui/use-format";
import { type Change, changesOf, useActionName } from "./act-words";
import { useChangeWords } from "./catalogue-words";
import { useToolNames, useToolValues } from "./tool-difference";

/** Fields of acts that have words. Others are shown by their names. */
const knownFields = [
  ...([
    "role",
    "welcome",
    "signals",
    "suspendedAt",
    "devices",
    "endsAt",
    "scopes",
    "cap",
    "expiresAt",
  ] as const),
  ...(["graceSeconds", "refundedCents", "amountCents", "currency", "takesBack", "spent", "refund"] as const),
  ...(["action", "code", "reason", "message", "status", "state", "attempts", "count", "plan"] as const),
  ...(["interval", "ends", "change", "at", "name", "label", "protocol", "baseUrl", "enabled"] as const),
  ...(["maxConcurrent", "maxPerMinute", "key", "kind", "inputCost", "outputCost", "imageCost"] as const),
  ...([
    "contextTokens",
    "placedBefore",
    "pinned",
    "edited",
    "part",
    "title",
    "task",
    "plans",
    "percent",
  ] as const),
  ...([
    "accounts",
    "revision",
    "restoredFrom",
    "run",
    "secret",
    "previous",
    "text",
    "banner",
    "mail",
  ] as const),
  ...([
    "people",
    "toMail",
    "mailed",
    "used",
    "credits",
    "total",
    "left",
    "given",
    "available",
    "asked",
  ] as const),
  ...([
    "source",
    "uses",
    "oncePerPerson",
    "lifetimeDays",
    "duration",
    "planIds",
    "packIds",
    "maxUses",
  ] as const),
  ...([
    "firstPurchaseOnly",
    "id",
    "asksModel",
    "withoutVerdict",
    "verdictSeconds",
    "phrases",
    "added",
  ] as const),
  ...(["removed", "perNetwork", "perDomain", "disposable", "hourLeast", "hourFactor"] as const),
] as const;

/** Values that have words: states, and what else the site itself calls something. */
const knownValues = [
  ...([
    "waiting",
    "failed",
    "queued",
    "retrying",
    "running",
    "done",
    "ignored",
    "open",
    "dismissed",
  ] as const),
  ...(["removed", "given", "refused", "paid", "void", "uncollectible", "draft", "sending", "sent"] as const),
  ...(["stopped", "set", "none", "now", "month", "year", "once", "forever", "end", "cancel"] as const),
  ...(["downgrade", "adjustment", "promo", "off", "on", "rules", "investigating", "identified"] as const),
  ...([
    "monitoring",
    "resolved",
    "web",
    "api",
    "worker",
    "payments",
    "pass",
    "refuse",
    "prompt",
    "http",
  ] as const),
  ...(["network", "domain", "mailbox", "velocity"] as const),
] as const;

/** In these fields stand values of ours; what stands in others was written by somebody. */
const ownValues = new Set([
  ...["welcome", "signals", "status", "state", "interval", "ends", "change", "kind", "key", "part", "secret"],
  ...["previous", "source", "duration", "withoutVerdict"],
]);

type Details = Readonly<Record<string, unknown>> | null;
type Act = { action: string; before: Details; after: Details };

/** What an act changed, field by field, in the reader's words. */
export function useActChanges(): (act: Act) => Change[] {
  const generic = useFields();
  const catalogue = useChangeWords();
  const toolName = useToolNames();
  const toolValue = useToolValues();
  return (act) => {
    const { action, before, after } = act;
    return changesOf(act).map(({ name }) => {
      const [was, is] = [before?.[name], after?.[name]];
      if (action === "catalogue.publish") {
        return catalogue({ path: name, before: leafOf(was), after: leafOf(is) });
      }
      if (action.startsWith("tool.") && !isKnownField(name)) {
        const text = (value: unknown) => (value === undefined ? null : toolValue(name, leafOf(value)));
        return { name: toolName(name), before: text(was), after: text(is) };
      }
      return generic(name, act);
    });
  };
}

function useFields() {
  const t = useTranslations("office.audit");
  const roles = useTranslations("office.role");
  const plans = useTranslations("pricing.plan");
  const format = useFormat();
  const actionName = useActionName();
  const wordOf = (field: string, value: string): string => {
    const role = field === "role" && roleNames.find((one) => one === value);
    if (role) return roles(role);
    const plan = planFields.has(field) && planIds.find((one) => one === value);
    if (plan) return plans(plan);
    if (field === "action") return actionName(value);
    if (field === "currency") return value.toUpperCase();
    const known = ownValues.has(field) && knownValues.find((one) => one === value);
    if (known) return t(`values.${known}`);
    if (/^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value)) return format.dateTime(value);
    // Enough of a fingerprint to tell two texts apart.
    if (/^[0-9a-f]{64}$/.test(value)) return `${value.slice(0, 12)}…`;
    return isDay(value) ? format.date(`${value}T12:00:00Z`) : value;
  };
  const textOf = (field: string, value: unknown, currency: unknown): string | null => {
    if (value === undefined || value === null) return null;
    if (typeof value === "boolean") return t(value ? "yes" : "no");
    if (typeof value === "string") return wordOf(field, value);
    if (Array.isArray(value)) {
      return value.length === 0 ? "—" : format.list(value.map((one) => textOf(field, one, currency) ?? "—"));
    }
    if (typeof value !== "number") return JSON.stringify(value);
    const isMoney = field.endsWith("Cents") && typeof currency === "string";
    return isMoney ? format.money(value, currency) : format.fraction(value);
  };
  return (field: string, { before, after }: Act): Change => {
    const currency = after?.currency ?? before?.currency;
    const name = knownFields.find((one) => one === field);
    return {
      name: name ? t(`fields.${name}`) : field,
      before: textOf(field, before?.[field], currency),
      after: textOf(field, after?.[field], currency),
    };
  };
}

const roleNames = ["user", "support", "analyst", "admin", "owner"] as const;
const planFields = new Set(["plan", "plans", "planIds"]);

function isKnownField(name: string): boolean {
  return knownFields.some((one) => one === name);
}

function leafOf(value: unknown): string | number | boolean | null {
  if (value === undefined || value === null) return null;
  const isLeaf = typeof value === "string" || typeof value === "number" || typeof value === "boolean";
  return isLeaf ? value : JSON.stringify(value);
}
