import type { Chance } from "./chance";
import type { Record } from "./record";

/** What a client asks for next: made up by chance, and kept as it is, to be sent again. */
export type Order = Pick<Record, "account" | "verb" | "credits"> & {
  /** The Idempotency-Key. */
  key: string;
  /** What it is recorded by: the ledger's key where it has one. */
  id: string;
  secret: string;
  path: string;
  body: object | undefined;
  /** The hold or the run that it is about. */
  hold: string | null;
  run: string | null;
};

/** Open as far as the client knows. */
export type OpenHold = { id: string; account: string; secret: string; credits: number };
export type LiveRun = { id: string; account: string; secret: string };

/** Of all lanes of a client, so that two may close the same hold, or cancel the same run, at once. */
export type Open = { holds: OpenHold[]; runs: LiveRun[] };

export type Customers = { secrets: readonly string[]; few: readonly string[]; many: readonly string[] };

export function makeOrder(chance: Chance, key: string, customers: Customers, open: Open): Order {
  const run = open.runs.length > 0 && chance.odds(0.01) ? chance.pick(open.runs) : null;
  if (run) return orderCancel(key, run, open);
  const hold = open.holds.length > 0 && chance.odds(0.5) ? chance.pick(open.holds) : null;
  if (hold) return orderOnHold(chance, key, hold, open);
  const account = chance.pick(chance.odds(0.5) ? customers.few : customers.many);
  const common = { ...{ key, account, secret: chance.pick(customers.secrets) }, hold: null, run: null };
  if (chance.odds(0.02)) return orderRun(chance, common);
  const why = { tool: "torture", reference: key };
  const ledger = { ...common, id: `api:${key}` };
  if (chance.odds(0.6)) {
    const credits = chance.between(1, 9);
    return { ...ledger, verb: "charge", credits, path: "charges", body: { credits, ...why } };
  }
  const credits = chance.between(1, 30);
  const body = { credits, ...why, expiresInSeconds: chance.between(1, 20) };
  return { ...ledger, verb: "hold", credits, path: "holds", body };
}

type Common = Pick<Order, "key" | "account" | "secret" | "hold" | "run">;

/** A run that holds the most it can cost, and charges what it used; a few last long, a few fail. */
function orderRun(chance: Chance, common: Common): Order {
  const price = chance.between(0, 12);
  const input = {
    ...{ price, use: chance.between(0, price), fail: chance.odds(0.2) ? 1 : 0 },
    ms: chance.odds(0.1) ? chance.between(500, 5_000) : chance.between(0, 30),
  };
  const path = "tools/torture/runs";
  return { ...common, id: common.key, verb: "run", credits: price, path, body: { input } };
}

function orderCancel(key: string, { id, account, secret }: LiveRun, open: Open): Order {
  open.runs.splice(
    open.runs.findIndex((run) => run.id === id),
    1,
  );
  const about = { hold: null, run: id, credits: 0, body: undefined };
  return { key, id: key, account, secret, verb: "cancel", path: `runs/${id}/cancel`, ...about };
}

/** One in five leaves the hold among the open ones: another closes it too. */
function orderOnHold(chance: Chance, key: string, hold: OpenHold, open: Open): Order {
  const { account, secret } = hold;
  const common = { ...{ key, id: `api:${key}`, account, secret }, hold: hold.id, run: null };
  if (chance.odds(0.15)) {
    const body = { expiresInSeconds: chance.between(1, 20) };
    return { ...common, verb: "extend", credits: 0, path: `holds/${hold.id}/extend`, body };
  }
  if (chance.odds(0.8)) open.holds.splice(open.holds.indexOf(hold), 1);
  if (chance.odds(0.3)) {
    return { ...common, verb: "release", credits: 0, path: `holds/${hold.id}/release`, body: undefined };
  }
  const credits = chance.between(0, hold.credits + (chance.odds(0.1) ? 1 : 0));
  return { ...common, verb: "capture", credits, path: `holds/${hold.id}/capture`, body: { credits } };
}
