import { schedules } from "./schedules";

/**
 * What becomes of a job's work when the job is dropped. What would be lost with it, such as credits that are
 * promised or money to be paid back, keeps the job from being dropped at all; so does a task nobody has
 * thought about.
 */
export const losses = ["repeats", "reaper", "nightly", "sweep", "letter", "language", "needed"] as const;
export type Loss = (typeof losses)[number];

const known: Readonly<Record<string, Loss>> = {
  /** run-reap.ts queues a run that has no job anew, or ends it and gives its credits back. */
  "run.execute": "reaper",
  "run.await": "reaper",
  /** check.ts applies Stripe's word for every customer each night, which is all that these do. */
  "billing.event": "nightly",
  "billing.look": "nightly",
  /** What it would have replayed is still listed as given up. */
  "billing.replay": "sweep",
  /** Each has a sweep that looks for what is still to be done. */
  "billing.top-up": "sweep",
  "identity.welcome": "sweep",
  /** Somebody gets no mail. */
  "mail.send": "letter",
  "identity.signed-up": "letter",
  "identity.confirm": "letter",
  "identity.reset": "letter",
  "identity.password-changed": "letter",
  "credits.lowBalance": "letter",
  /** Stripe goes on writing in the language that the customer had before. */
  "billing.locale": "language",
};

/** What the schedule repeats by itself is not lost with one job. */
export function lossOf(task: string): Loss {
  if (schedules().some((item) => item.task === task)) return "repeats";
  return known[task] ?? "needed";
}
