import type { Role } from "./role";

/**
 * Who may do what in the back office: the one table. Every admin route names the right it needs, and a test
 * walks all of them with every role. Support sees customers, analysts see figures, admins change things,
 * owners also make staff.
 */
const holders = {
  /** Enter /admin and see its overview. */
  "office.enter": ["support", "analyst", "admin", "owner"],
  /** Find customers and see their plan, payments, credits, runs and acts. */
  "customers.read": ["support", "admin", "owner"],
  /** Keep somebody out, with their keys and their runs; let them in again. */
  "customers.suspend": ["admin", "owner"],
  /** Look at the site as a customer, reading only. */
  "customers.view": ["support", "admin", "owner"],
  /** Sign somebody out on every device. */
  "customers.signOut": ["support", "admin", "owner"],
  /** Send somebody another link to confirm their mail address. */
  "customers.confirm": ["support", "admin", "owner"],
  /** Change, end and resume a customer's plan. */
  "subscriptions.change": ["admin", "owner"],
  /** Write notes about a customer; each author changes their own. */
  "notes.write": ["support", "admin", "owner"],
  /** Give or take a customer's credits. */
  "credits.adjust": ["admin", "owner"],
  /** Give credits to many at once, and take back what of them is unspent. */
  "credits.gift": ["admin", "owner"],
  /** Make redeem codes, and end them. */
  "codes.change": ["admin", "owner"],
  /** Make promotion codes at Stripe, see how often they were used, and switch them off. */
  "promotions.change": ["admin", "owner"],
  /** Make those that take money off for more than a year or for ever, and large ones for any number of uses. */
  "promotions.endless": ["owner"],
  /** Write announcements, send them to many, stop them. */
  "announcements.send": ["admin", "owner"],
  /** Say whom features are on for. */
  "flags.change": ["admin", "owner"],
  /** See what reconcile found and the money view. */
  "ledger.read": ["analyst", "admin", "owner"],
  /** Start a reconciliation, which reads every row. */
  "ledger.reconcile": ["admin", "owner"],
  /** See the figures of users, money, product and technique. */
  "analytics.read": ["analyst", "admin", "owner"],
  /** See Stripe's events and what became of them. */
  "payments.read": ["admin", "owner"],
  /** Have an open invoice charged once more. */
  "payments.retry": ["admin", "owner"],
  /** Pay an invoice back, whole or in part. */
  "payments.refund": ["admin", "owner"],
  /** Have an event processed anew. */
  "payments.replay": ["admin", "owner"],
  /** See plans and packs, their draft, and how their prices stand in Stripe. */
  "plans.read": ["admin", "owner"],
  /** Save and publish a draft of them. */
  "plans.change": ["admin", "owner"],
  /** See the tools' settings, revisions and figures, and what another price would have earned. */
  "tools.read": ["analyst", "admin", "owner"],
  /** Switch tools on and off, change, price and test them. */
  "tools.change": ["admin", "owner"],
  /** See providers of models, the models and what they cost. */
  "models.read": ["analyst", "admin", "owner"],
  /** Add, change and test them, and give them their keys. */
  "models.change": ["admin", "owner"],
  /** See the rules for content, and which runs they refused. */
  "safety.read": ["support", "admin", "owner"],
  /** Change the list of words, and how the moderation model is asked. */
  "safety.change": ["admin", "owner"],
  /** See what customers report of results, and look at those. */
  "reports.read": ["support", "admin", "owner"],
  /** Dismiss a report, or remove what it is about. */
  "reports.decide": ["admin", "owner"],
  /** See whose welcome credits wait, and why. */
  "welcomes.read": ["support", "admin", "owner"],
  /** Give or refuse them, and say what makes them wait. */
  "welcomes.decide": ["admin", "owner"],
  /** Make, rotate and revoke keys that act for every customer. */
  "keys.service": ["admin", "owner"],
  /** See jobs, files, limits and the state of what the site depends on. */
  "operations.read": ["admin", "owner"],
  /** Have a job tried again, or drop it. */
  "operations.change": ["admin", "owner"],
  /** See which mails were sent, to whom, and what became of them. */
  "mails.read": ["support", "admin", "owner"],
  /** Have a mail that could not be sent sent again. */
  "mails.resend": ["support", "admin", "owner"],
  "audit.read": ["admin", "owner"],
  /** Tell of incidents on the public status page. */
  "status.change": ["admin", "owner"],
  "staff.read": ["admin", "owner"],
  /** Make somebody staff, change their role, take it away. */
  "staff.change": ["owner"],
} as const satisfies Record<string, readonly Role[]>;

export type Right = keyof typeof holders;

/** Every right, for tests and for the page that explains roles. */
export const rights = Object.keys(holders).filter(isRight);

export function isRight(name: string): name is Right {
  return Object.hasOwn(holders, name);
}

/** True when people with this role may do it. */
export function mayRole(role: Role, right: Right): boolean {
  const allowed: readonly Role[] = holders[right];
  return allowed.includes(role);
}

/** True for everybody who may enter the back office. */
export function isStaff(role: Role): boolean {
  return mayRole(role, "office.enter");
}
