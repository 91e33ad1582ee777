"use client";

import { useTranslations } from "next-intl";
import type { ActJson } from "#api/contract";

/** Acts that have words. Others are shown by their code. */
export const knownActions = [
  "role.change",
  "ledger.reconcile",
  "credits.adjust",
  "codes.create",
  "codes.end",
  "promotion.make",
  "promotion.end",
  "announcement.write",
  "announcement.change",
  "announcement.discard",
  "announcement.send",
  "announcement.stop",
  "flag.make",
  "flag.change",
  "flag.delete",
  "code.redeem",
  "gift.give",
  "gift.undo",
  "key.create",
  "key.change",
  "key.rotate",
  "key.revoke",
  "event.replay",
  "incident.open",
  "incident.update",
  "incident.resolve",
  "invoice.refund",
  "invoice.retry",
  "subscription.change",
  "subscription.end",
  "subscription.resume",
  "stripe.refused",
  "stripe.unanswered",
  "stripe.waits",
  "view.start",
  "view.end",
  "catalogue.publish",
  "catalogue.sync",
  "user.suspend",
  "user.restore",
  "user.signOut",
  "user.confirm",
  "note.write",
  "note.change",
  "note.delete",
  "event.replayAll",
  "job.retry",
  "job.discard",
  "mail.resend",
  "staff.enter",
  "tool.make",
  "tool.draft",
  "tool.test",
  "tool.discard",
  "tool.publish",
  "tool.switch",
  "tool.move",
  "tool.restore",
  "tool.secret",
  "provider.add",
  "provider.change",
  "provider.archive",
  "model.add",
  "model.change",
  "model.archive",
  "safety.change",
  "welcome.decide",
  "welcome.rules",
  "report.look",
  "report.decide",
] as const;

/** An action in the reader's words. */
export function useActionName(): (action: string) => string {
  const t = useTranslations("office.audit.action");
  return (action) => {
    const known = knownActions.find((name) => name === action);
    return known ? t(known) : action;
  };
}

const objectTypes = [
  ...(["user", "key", "session", "incident", "job", "mail", "note", "reconciliation"] as const),
  ...(["catalogue", "event", "invoice", "tool", "codes", "code"] as const),
  ...(["subscription", "provider", "model", "gift"] as const),
  ...(["settings", "promotion", "report", "announcement", "flag"] as const),
] as const;

/** What kind of thing an act was done to, in the reader's words. */
export function useObjectType(): (type: string) => string {
  const t = useTranslations("office.audit.type");
  return (type) => {
    const known = objectTypes.find((name) => name === type);
    return known ? t(known) : type;
  };
}

/** What an act changed, field by field; null stands for what was not there. */
export function changesOf({ before, after }: Pick<ActJson, "before" | "after">): Change[] {
  const names = new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})]);
  const all = [...names].map((name) => ({
    name,
    before: valueText(before?.[name]),
    after: valueText(after?.[name]),
  }));
  return all.filter((change) => change.before !== change.after);
}

export type Change = { name: string; before: string | null; after: string | null };

function valueText(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** A change in one line: old → new. */
export function ChangeText({ change: { name, before, after } }: { change: Change }) {
  return (
    <span className="break-words">
      <span className="text-text-3">{name}</span> {before !== null && <>{before} → </>}
      {after ?? "—"}
    </span>
  );
}
