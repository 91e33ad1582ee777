import type { NeedJson, TodayJson } from "#api/contract";
import { dayOf } from "#format";
import type { Right } from "#identity";

/** Where the list behind a number stands, and who may open it. */

export const needLinks: Record<NeedJson["name"], string> = {
  events: "/admin/events?status=failed",
  disputes: "/admin/customers?flag=dispute",
  pastDue: "/admin/customers?flag=past_due",
  differences: "/admin/ledger",
  tools: "/admin",
  jobs: "/admin",
  mails: "/admin",
};

export type FigureName =
  | "signUps"
  | "customers"
  | "success"
  | "p95"
  | "queue"
  | "recurring"
  | "moneyIn"
  | "sold"
  | "used"
  | "expired"
  | "outstanding";

type FigureLink = { href: (today: TodayJson["today"], timeZone: string) => string; right: Right };

const ledger: FigureLink = { href: () => "/admin/ledger", right: "ledger.read" };

export const figureLinks: Partial<Record<FigureName, FigureLink>> = {
  signUps: {
    href: ({ from }, timeZone) => `/admin/customers?from=${dayOf(new Date(from), timeZone)}`,
    right: "customers.read",
  },
  sold: ledger,
  used: ledger,
  expired: ledger,
  outstanding: ledger,
};
