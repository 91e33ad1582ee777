import { sql } from "drizzle-orm";
import { db } from "#platform/db";

/** Plays what happened to subscriptions on the days it happened, through the tables that the site writes. */

/** Everybody's steps: `DATE[THH] what`. What: PLAN/INTERVAL/CURRENCY for paying it, a status, or `from COUNTRY`. */
export type Story = readonly (readonly [name: string, country: string | null, ...steps: string[]])[];

type Step = { at: string; name: string; what: string };
type Person = { accountId: string; subscriptions: number; plan: string };

/** Moves the clock, as time would. */
export async function itIs(at: string): Promise<void> {
  await db().execute(sql.raw(clockAt(at)));
}

/** @param pauses days before which `whenThere` is called, the last of them the story's end */
export async function play(
  story: Story,
  pauses: readonly string[],
  whenThere: () => Promise<void>,
): Promise<void> {
  const people = new Map<string, Person>();
  for (const [name] of story) people.set(name, { accountId: `acct_${name}`, subscriptions: 0, plan: "" });
  await run(story.flatMap(([name, country]) => aCustomer(`acct_${name}`, country)));
  const steps = story
    .flatMap(([name, , ...said]) => said.map((text) => readStep(name, text)))
    .toSorted((a, b) => a.at.localeCompare(b.at));
  for (const [place, pause] of pauses.entries()) {
    const since = pauses[place - 1] ?? "";
    const own = steps.filter(({ at }) => at >= since && at < pause);
    await run([
      ...own.flatMap((step) => {
        const person = people.get(step.name);
        return person ? [clockAt(step.at), ...take(person, step)] : [];
      }),
      clockAt(pause),
    ]);
    await whenThere();
  }
}

/** All in one round trip. */
async function run(statements: readonly string[]): Promise<void> {
  await db().$client.query(statements.join(";\n"));
}

function clockAt(at: string): string {
  return `update money_clock set shift = '${at}'::timestamptz - clock_timestamp()`;
}

function aCustomer(accountId: string, country: string | null): string[] {
  return [
    `insert into accounts (id, owner_type, owner_id) values ('${accountId}', 'user', 'usr_${accountId}')`,
    `insert into customers (account_id, country) values ('${accountId}', ${country ? `'${country}'` : "null"})`,
  ];
}

function readStep(name: string, text: string): Step {
  const [when = "", ...what] = text.split(" ");
  return { at: when.includes("T") ? `${when}:00:00Z` : `${when}T12:00:00Z`, name, what: what.join(" ") };
}

function take(person: Person, { at, what }: Step): string[] {
  const [word = "", detail = ""] = what.split(" ");
  if (word === "from") {
    return [
      `update customers set country = '${detail}' where account_id = '${person.accountId}'`,
      // The next look at Stripe writes every subscription anew.
      `update subscriptions set price_id = price_id where account_id = '${person.accountId}'`,
    ];
  }
  const plan = [word, detail].find((one) => one.includes("/"));
  if (plan) person.plan = plan;
  const status = statuses[word] ?? (word.includes("/") ? "active" : word);
  const surplus = word === "surplus";
  const id = `sub_${person.accountId}_${person.subscriptions}`;
  const over = ["canceled", "incomplete_expired"].includes(status);
  if (over || surplus) person.subscriptions += 1;
  return [
    `insert into subscriptions (id, account_id, price_id, item_id, status, period_start, period_end, created_at,
      ended_at, surplus)
    select '${id}', '${person.accountId}', id, 'si', '${status}', '${at}', '${at}', '${at}',
      ${over ? `'${at}'::timestamptz` : "null"}, ${surplus}
    from prices where lookup_key = 'plan:${person.plan.replaceAll("/", ":")}'
    on conflict (id) do update
    set price_id = excluded.price_id, status = excluded.status, ended_at = excluded.ended_at`,
  ];
}

const statuses: Readonly<Record<string, string>> = {
  trial: "trialing",
  ended: "canceled",
  surplus: "active",
};
