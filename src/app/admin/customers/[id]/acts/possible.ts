import { meanings } from "#billing/access";
import { mayRole, type Right, type Role, type User } from "#identity";
import type { Customer, CustomerAccess, CustomerPlan } from "#insight";

/** In the order of the menu. */
const acts = [
  "view",
  "changePlan",
  "resumePlan",
  "endPlan",
  "confirm",
  "signOut",
  "suspend",
  "restore",
] as const;
export type CustomerAct = (typeof acts)[number];

const rightOf: Record<CustomerAct, Right> = {
  view: "customers.view",
  changePlan: "subscriptions.change",
  resumePlan: "subscriptions.change",
  endPlan: "subscriptions.change",
  confirm: "customers.confirm",
  signOut: "customers.signOut",
  suspend: "customers.suspend",
  restore: "customers.suspend",
};

/** What whoever looks may do to a customer as they stand. The API decides anew. */
export function possibleActs(
  actor: Pick<User, "id" | "role">,
  customer: Pick<Customer, "id" | "role" | "emailVerified">,
  access: Pick<CustomerAccess, "suspendedAt">,
  plan: Pick<CustomerPlan, "subscription"> | null,
): CustomerAct[] {
  const self = actor.id === customer.id;
  // Staff are theirs to touch who may change staff.
  if (customer.role !== "user" && !self && !mayRole(actor.role, "staff.change")) return [];
  const subscription = plan?.subscription;
  const changing = subscription?.pending ?? null;
  const fits: Record<CustomerAct, boolean> = {
    view: customer.role === "user",
    changePlan: subscription != null && changing === null && meanings[subscription.status].changeable,
    resumePlan: changing !== null,
    endPlan: subscription != null,
    confirm: !customer.emailVerified,
    signOut: access.suspendedAt === null,
    suspend: access.suspendedAt === null && !self,
    restore: access.suspendedAt !== null,
  };
  return acts.filter((act) => fits[act] && mayRole(actor.role, rightOf[act]));
}

const invoiceActNames = ["refund", "retry"] as const;
export type InvoiceAct = (typeof invoiceActNames)[number];

/** What somebody of this role may do with invoices. */
export function invoiceActs(role: Role): InvoiceAct[] {
  const rights: Record<InvoiceAct, Right> = { refund: "payments.refund", retry: "payments.retry" };
  return invoiceActNames.filter((act) => mayRole(role, rights[act]));
}
