import {
  Activity,
  BrainCircuit,
  ChartNoAxesCombined,
  CreditCard,
  Flag,
  Gauge,
  Gift,
  HandCoins,
  HardDrive,
  HeartPulse,
  IdCard,
  LayoutDashboard,
  ListTodo,
  type LucideIcon,
  Mail,
  Megaphone,
  Package,
  Play,
  Scale,
  ScrollText,
  ShieldAlert,
  TicketPercent,
  ToggleRight,
  UsersRound,
  Webhook,
  Wrench,
} from "lucide-react";
import type { Right } from "#identity";

/** What belongs together, under a heading. The first has none. */
export const officeGroups = ["start", "people", "money", "tools", "operation", "records"] as const;
export type OfficeGroup = (typeof officeGroups)[number];

type Facts = { href: string; name: string; group: OfficeGroup; icon: LucideIcon; right: Right };

/** The pages of the back office, for its side bar, its menu on phones and the palette. */
export const officePages = [
  { href: "/admin", name: "overview", group: "start", icon: LayoutDashboard, right: "office.enter" },
  {
    href: "/admin/analytics",
    name: "analytics",
    group: "start",
    icon: ChartNoAxesCombined,
    right: "analytics.read",
  },
  { href: "/admin/customers", name: "customers", group: "people", icon: UsersRound, right: "customers.read" },
  { href: "/admin/gifts", name: "gifts", group: "people", icon: Gift, right: "credits.gift" },
  { href: "/admin/codes", name: "codes", group: "people", icon: TicketPercent, right: "codes.change" },
  {
    href: "/admin/announcements",
    name: "announcements",
    group: "people",
    icon: Megaphone,
    right: "announcements.send",
  },
  { href: "/admin/welcomes", name: "welcomes", group: "people", icon: HandCoins, right: "welcomes.read" },
  { href: "/admin/reports", name: "reports", group: "people", icon: Flag, right: "reports.read" },
  { href: "/admin/ledger", name: "ledger", group: "money", icon: Scale, right: "ledger.read" },
  { href: "/admin/plans", name: "plans", group: "money", icon: Package, right: "plans.read" },
  { href: "/admin/payments", name: "payments", group: "money", icon: CreditCard, right: "payments.read" },
  { href: "/admin/events", name: "events", group: "money", icon: Webhook, right: "payments.read" },
  { href: "/admin/tools", name: "tools", group: "tools", icon: Wrench, right: "tools.read" },
  { href: "/admin/models", name: "models", group: "tools", icon: BrainCircuit, right: "models.read" },
  { href: "/admin/runs", name: "runs", group: "tools", icon: Play, right: "customers.read" },
  { href: "/admin/safety", name: "safety", group: "tools", icon: ShieldAlert, right: "safety.read" },
  { href: "/admin/flags", name: "flags", group: "tools", icon: ToggleRight, right: "flags.change" },
  { href: "/admin/jobs", name: "jobs", group: "operation", icon: ListTodo, right: "operations.read" },
  { href: "/admin/mails", name: "mails", group: "operation", icon: Mail, right: "mails.read" },
  { href: "/admin/files", name: "files", group: "operation", icon: HardDrive, right: "operations.read" },
  { href: "/admin/limits", name: "limits", group: "operation", icon: Gauge, right: "operations.read" },
  { href: "/admin/health", name: "health", group: "operation", icon: HeartPulse, right: "operations.read" },
  { href: "/admin/status", name: "status", group: "operation", icon: Activity, right: "status.change" },
  { href: "/admin/audit", name: "audit", group: "records", icon: ScrollText, right: "audit.read" },
  { href: "/admin/staff", name: "staff", group: "records", icon: IdCard, right: "staff.read" },
] as const satisfies readonly Facts[];

export type OfficePage = (typeof officePages)[number]["name"];
