import type { Tasks } from "#platform/queue";
import { giveTask, undoTask } from "./gift-jobs";
import { noticeExpiring, noticeLowBalance } from "./notice";
import { referred } from "./referral";
import { beginFree, refillFree } from "./refill";
import { carryDue } from "./rollover";

/** A pass that takes longer than its interval is not joined by a second one. */
const serially = { queueName: "credits.refill", backfillPeriod: 0 };

/** What becomes of credits by the clock. */
export const creditTasks: Tasks = {
  system: {
    "credits.beginFree": beginFree,
    "credits.referred": referred,
    "credits.refill": async (_payload, { abortSignal: signal }) => {
      await refillFree({ signal });
      await carryDue({ signal });
    },
    "credits.notices": async (_payload, { abortSignal: signal }) => {
      await noticeExpiring({ signal });
    },
    "credits.lowBalance": noticeLowBalance,
    "credits.gift": giveTask,
    "credits.undoGift": undoTask,
  },
  cron: [
    { task: "credits.refill", match: "*/5 * * * *", options: serially },
    {
      task: "credits.notices",
      match: "17 * * * *",
      options: { queueName: "credits.notices", backfillPeriod: 0 },
    },
  ],
};
