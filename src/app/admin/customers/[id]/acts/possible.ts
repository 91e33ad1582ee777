import { mayRole, type Right, type Role, type User } from "#identity";
import type { Customer, CustomerAccess } from "#insight";
import type { InvoiceAct } from "./invoice-acts";

export type CustomerAct = "view" | "signOut" | "suspend" | "restore";

const rightOf: Record<CustomerAct, Right> = {
  view: "customers.view",
  signOut: "customers.signOut",
  suspend: "customers.suspend",
  restore: "customers.suspend",
};

/** What whoever looks may do to a customer as they stand. The API decides anew. */
export function possibleActs(
  actor: Pick<User, "id" | "role">,
  customer: Pick<Customer, "id" | "role">,
  access: Pick<CustomerAccess, "suspendedAt">,
): CustomerAct[] {
  const self = actor.id === customer.id;
  // Staff are theirs to touch who may change staff.
  if (customer.role !== "user" && !self && !mayRole(actor.role, "staff.change")) return [];
  const fits: Record<CustomerAct, boolean> = {
    view: customer.role === "user",
    signOut: access.suspendedAt === null,
    suspend: access.suspendedAt === null && !self,
    restore: access.suspendedAt !== null,
  };
  const acts: CustomerAct[] = ["view", "signOut", "suspend", "restore"];
  return acts.filter((act) => fits[act] && mayRole(actor.role, rightOf[act]));
}

/** What somebody of this role may do with invoices. */
export function invoiceActs(role: Role): InvoiceAct[] {
  return mayRole(role, "payments.refund") ? ["refund"] : [];
}
