import {
  Activity,
  BrainCircuit,
  ChartNoAxesCombined,
  CreditCard,
  Gauge,
  Gift,
  HardDrive,
  HeartPulse,
  IdCard,
  LayoutDashboard,
  ListTodo,
  type LucideIcon,
  Mail,
  Package,
  Play,
  Scale,
  ScrollText,
  UsersRound,
  Webhook,
  Wrench,
} from "lucide-react";
import type { Right } from "#identity";

/** The pages of the back office, for its side bar, its menu on phones and the palette. */
export const officePages = [
  { href: "/admin", name: "overview", icon: LayoutDashboard, right: "office.enter" },
  { href: "/admin/customers", name: "customers", icon: UsersRound, right: "customers.read" },
  { href: "/admin/gifts", name: "gifts", icon: Gift, right: "credits.gift" },
  { href: "/admin/ledger", name: "ledger", icon: Scale, right: "ledger.read" },
  { href: "/admin/analytics", name: "analytics", icon: ChartNoAxesCombined, right: "analytics.read" },
  { href: "/admin/plans", name: "plans", icon: Package, right: "plans.read" },
  { href: "/admin/payments", name: "payments", icon: CreditCard, right: "payments.read" },
  { href: "/admin/tools", name: "tools", icon: Wrench, right: "tools.read" },
  { href: "/admin/models", name: "models", icon: BrainCircuit, right: "models.read" },
  { href: "/admin/events", name: "events", icon: Webhook, right: "payments.read" },
  { href: "/admin/runs", name: "runs", icon: Play, right: "customers.read" },
  { href: "/admin/jobs", name: "jobs", icon: ListTodo, right: "operations.read" },
  { href: "/admin/mails", name: "mails", icon: Mail, right: "mails.read" },
  { href: "/admin/files", name: "files", icon: HardDrive, right: "operations.read" },
  { href: "/admin/limits", name: "limits", icon: Gauge, right: "operations.read" },
  { href: "/admin/health", name: "health", icon: HeartPulse, right: "operations.read" },
  { href: "/admin/audit", name: "audit", icon: ScrollText, right: "audit.read" },
  { href: "/admin/status", name: "status", icon: Activity, right: "status.change" },
  { href: "/admin/staff", name: "staff", icon: IdCard, right: "staff.read" },
] as const satisfies readonly { href: string; name: string; icon: LucideIcon; right: Right }[];

export type OfficePage = (typeof officePages)[number]["name"];
