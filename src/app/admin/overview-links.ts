import type { NeedJson, TodayJson } from "#api/contract";
import { dayOf } from "#format";
import type { Right } from "#identity";

/** Where the list behind a number stands, and who may open it. */

export const needLinks: Record<NeedJson["name"], string> = {
  events: "/admin/events?status=failed",
  disputes: "/admin/payments?list=disputes&state=needs_response",
  pastDue: "/admin/customers?flag=past_due",
  differences: "/admin/ledger",
  tools: "/admin/runs?status=failed",
  providers: "/admin/models",
  jobs: "/admin/jobs?state=failed",
  mails: "/admin/mails?status=failed",
  reports: "/admin/reports",
  welcomes: "/admin/welcomes",
};

export type FigureName =
  | "signUps"
  | "customers"
  | "success"
  | "p95"
  | "api"
  | "queue"
  | "recurring"
  | "moneyIn"
  | "sold"
  | "used"
  | "expired"
  | "outstanding";

type FigureLink = { href: (today: TodayJson["today"], timeZone: string) => string; right: Right };

const runs = (query: string): FigureLink => ({
  href: ({ from }, timeZone) => `/admin/runs?from=${dayOf(new Date(from), timeZone)}${query}`,
  right: "customers.read",
});
const ledger: FigureLink = { href: () => "/admin/ledger", right: "ledger.read" };

export const figureLinks: Partial<Record<FigureName, FigureLink>> = {
  signUps: {
    href: ({ from }, timeZone) => `/admin/customers?from=${dayOf(new Date(from), timeZone)}`,
    right: "customers.read",
  },
  customers: runs(""),
  success: runs("&status=failed"),
  p95: runs("&status=succeeded"),
  queue: { href: () => "/admin/runs?status=queued", right: "customers.read" },
  moneyIn: {
    href: ({ from }, timeZone) => `/admin/payments?from=${dayOf(new Date(from), timeZone)}`,
    right: "payments.read",
  },
  sold: ledger,
  used: ledger,
  expired: ledger,
  outstanding: ledger,
};
