import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { cache } from "react";
import { listKeysOf, mayRole, type Role } from "#identity";
import {
  type Customer,
  findCustomer,
  type HappeningKind,
  listPayments,
  readCustomerAccess,
  readCustomerPlan,
  readTimeline,
} from "#insight";
import { listEntries, readBalance } from "#ledger";
import { db } from "#platform/db";
import { listRuns } from "#tools";
import { NotAllowed } from "#ui/office/not-allowed";
import { requireStaffSession } from "#ui/office/session";
import { toolNames } from "#ui/office/tool-names";
import { plain } from "#ui/plain";
import { ActsMenu } from "./acts/acts-menu";
import { invoiceActs, possibleActs } from "./acts/possible";
import { CreditsTab } from "./credits-tab";
import { CustomerActs } from "./customer-acts";
import { CustomerHeader } from "./customer-header";
import { CustomerTabs, isTab } from "./customer-tabs";
import { KeysTab } from "./keys-tab";
import { NotesTab } from "./notes-tab";
import { PaymentsTab } from "./payments-tab";
import { PinnedNotes } from "./pinned-notes";
import { RunsTab } from "./runs-tab";
import { kindOf } from "./timeline-kind";
import { TimelineTab } from "./timeline-tab";

type CustomerPageProps = {
  params: Promise<{ id: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
};

export async function generateMetadata({ params }: CustomerPageProps): Promise<Metadata> {
  const t = await getTranslations("office.customer");
  const { user } = await requireStaffSession();
  const customer = mayRole(user.role, "customers.read") ? await customerOf((await params).id) : null;
  return { title: customer ? customer.name || customer.email : t("title") };
}

/** Once a request, for the page and its title. */
const customerOf = cache(findCustomer);

const atOnce = 50;

/** One customer: who they are, what they have, and tabs with what happened. The tab and page stand in the URL. */
export default async function CustomerPage({ params, searchParams }: CustomerPageProps) {
  const { user } = await requireStaffSession();
  if (!mayRole(user.role, "customers.read")) return <NotAllowed right="customers.read" role={user.role} />;
  const customer = await customerOf((await params).id);
  if (!customer) notFound();
  const { tab, before, kind } = await searchParams;
  const shown = isTab(tab) ? tab : "timeline";
  const { accountId, id, name, email } = customer;
  const balance = accountId ? plain(await readBalance(db(), accountId)) : null;
  const access = await readCustomerAccess(id);
  const plan = accountId ? await readCustomerPlan(accountId) : null;
  if (!access) notFound();
  return (
    <div className="grid grid-cols-1 gap-6">
      <CustomerHeader
        customer={plain(customer)}
        balance={balance}
        plan={plain(plan)}
        suspended={access.suspendedAt !== null}
        acts={
          <>
            <ActsMenu
              customer={{ id, name: name || email, email }}
              possible={possibleActs(user, customer, access, plan)}
            />
            {balance && mayRole(user.role, "credits.adjust") && (
              <CustomerActs customer={{ id, name: name || email, available: balance.available }} />
            )}
          </>
        }
      />
      <div className="grid grid-cols-1 gap-4">
        <CustomerTabs id={customer.id} shown={shown} />
        {shown !== "notes" && <PinnedNotes customerId={id} />}
        <TabBody
          customer={customer}
          role={user.role}
          tab={shown}
          before={typeof before === "string" ? before : undefined}
          kind={kindOf(kind)}
        />
      </div>
    </div>
  );
}

type TabBodyProps = {
  customer: Customer;
  role: Role;
  tab: string;
  before: string | undefined;
  kind: HappeningKind | undefined;
};

async function TabBody({ customer, role, tab, before, kind }: TabBodyProps) {
  const tools = await toolNames();
  const { id, accountId } = customer;
  if (tab === "notes") return <NotesTab customerId={id} mayWrite={mayRole(role, "notes.write")} />;
  if (tab === "keys") return <KeysTab keys={plain(await listKeysOf(id))} />;
  if (tab === "credits") {
    const seq = before && /^\d{1,18}$/.test(before) ? BigInt(before) : undefined;
    const page = accountId
      ? await listEntries(db(), accountId, { limit: atOnce, ...(seq !== undefined && { before: seq }) })
      : { entries: [], nextBefore: null };
    const older = page.nextBefore === null ? null : `${page.nextBefore}`;
    return (
      <CreditsTab entries={plain(page.entries)} tools={tools} older={older} turned={before !== undefined} />
    );
  }
  if (tab === "payments") {
    const page = accountId
      ? await listPayments(accountId, { limit: atOnce, before })
      : { payments: [], next: null };
    return (
      <PaymentsTab
        payments={plain(page.payments)}
        acts={invoiceActs(role)}
        customerId={id}
        older={page.next}
        turned={before !== undefined}
      />
    );
  }
  if (tab === "runs") {
    const page = accountId
      ? await listRuns({ accountId }, { limit: atOnce, before })
      : { runs: [], nextBefore: null };
    const rows = page.runs.map(({ id: runId, tool, status, held, charged, errorCode, createdAt }) => ({
      ...{ id: runId, tool, status, held, charged, errorCode, createdAt },
    }));
    return <RunsTab runs={plain(rows)} tools={tools} older={page.nextBefore} turned={before !== undefined} />;
  }
  const time = before ? new Date(before) : undefined;
  const until = time && !Number.isNaN(time.getTime()) ? time : undefined;
  const { happenings, next } = await readTimeline(customer, { limit: atOnce, before: until, kind });
  return (
    <TimelineTab
      lines={plain(happenings.map(timelineLine))}
      tools={tools}
      older={next?.toISOString() ?? null}
      turned={until !== undefined}
      customerId={id}
      kind={kind}
    />
  );
}

/** Only what a line shows: a run's input is the customer's. */
function timelineLine(happening: Awaited<ReturnType<typeof readTimeline>>["happenings"][number]) {
  if (happening.what !== "run") return happening;
  const { id, tool, status, charged } = happening.run;
  return { what: "run" as const, at: happening.at, run: { id, tool, status, charged } };
}

export type TimelineLine = ReturnType<typeof timelineLine>;
