import { sql } from "drizzle-orm";
import type { Task } from "graphile-worker";
import { z } from "zod";
import { db } from "#platform/db";
import { isId } from "#platform/id";
import { log } from "#platform/log";
import type { Tasks } from "#platform/queue";
import { customers } from "#schema";
import { syncCatalogueTask } from "./catalogue-sync";
import { checkAll } from "./check";
import { followLocale } from "./customer";
import { processEvent } from "./event";
import { replayTask } from "./event-log";
import { listToWrite } from "./letters";
import { refundTask } from "./refund";
import { sells } from "./stripe";
import { endSurplus, endTrial } from "./subscription-end";
import { settleAccount, syncAccount } from "./sync";
import { sweepTopUps, topUp } from "./top-up";
import { releaseTrials } from "./trial";

const look: Task = async (payload) => {
  const { accountId } = z.object({ accountId: z.string() }).parse(payload);
  if (isId("account", accountId)) await syncAccount(accountId);
};

/** Grants the months that have begun, and writes what time alone brings about. */
export const grantDue: Task = async () => {
  const due = await db()
    .select({ accountId: customers.accountId })
    .from(customers)
    .where(sql`${customers.nextGrantAt} <= money_now()`)
    .limit(5_000);
  const accounts = new Set([...due.map(({ accountId }) => accountId), ...(await listToWrite(db()))]);
  for (const accountId of accounts) {
    // One account whose credits cannot be granted keeps no other from its own.
    await settleAccount(accountId).catch((error: unknown) =>
      log().error({ err: error, accountId }, "credits that are due could not be granted"),
    );
  }
};

const nightly: Task = async () => {
  await releaseTrials();
  if (!sells()) return;
  const { differences, setAside, unreached, unknown } = await checkAll();
  if (differences.length > 0)
    log().warn({ differences: differences.length }, "Stripe and our books differed");
  if (setAside > 0) log().warn({ customers: setAside }, "customers of Stripe's test mode were set aside");
  if (unreached > 0)
    log().error({ customers: unreached }, "customers who paid with real money are out of a test key's reach");
  if (unknown > 0) log().error({ customers: unknown }, "Stripe does not know customers of ours");
};

export const tasks: Tasks = {
  system: {
    "billing.event": processEvent,
    "billing.replay": replayTask,
    "billing.look": look,
    "billing.locale": followLocale,
    "billing.grant-due": grantDue,
    "billing.end-trial": endTrial,
    "billing.end-surplus": endSurplus,
    "billing.refund": refundTask,
    "billing.top-up": topUp,
    "billing.top-up-sweep": sweepTopUps,
    "billing.check": nightly,
    "billing.sync-catalogue": syncCatalogueTask,
  },
  cron: [
    { task: "billing.grant-due", match: "*/5 * * * *", options: { backfillPeriod: 0 } },
    { task: "billing.top-up-sweep", match: "* * * * *", options: { backfillPeriod: 0 } },
    { task: "billing.check", match: "41 3 * * *" },
  ],
};
