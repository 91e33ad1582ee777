import { z } from "zod";
import { type Body, Caller, type Reply } from "./call";
import { Chance, pause } from "./chance";
import { type Record, RecordFile } from "./record";

/**
 * A client process: lanes that charge, hold, capture, release and extend over HTTP, each with one command on
 * its way. What has no answer is sent again with the same key, mostly until it has one.
 */
const orders = z
  .object({
    name: z.string(),
    urls: z.array(z.string()),
    secrets: z.array(z.string()),
    few: z.array(z.string()),
    many: z.array(z.string()),
    lanes: z.number(),
    seed: z.number(),
    file: z.string(),
  })
  .parse(JSON.parse(process.argv[2] ?? "{}"));

/** A command as it is sent, and sent again. */
type Order = Pick<Record, "id" | "account" | "verb" | "credits"> & {
  secret: string;
  path: string;
  body: unknown;
  hold: string | null;
};
type OpenHold = { id: string; account: string; secret: string; credits: number };
type Answered = { order: Order; body: Body };

const records = new RecordFile(orders.file);
const caller = new Caller();
/** Of all lanes, so that two may close the same hold at once. */
const openHolds: OpenHold[] = [];
const answered: Answered[] = [];
let count = 0;
let told = 0;
let stopping = false;

process.on("message", () => {
  stopping = true;
});
// Without its parent it would go on for ever.
process.on("disconnect", () => process.exit(stopping ? 0 : 1));

const lanes = Array.from({ length: orders.lanes }, (_, lane) => work(new Chance(orders.seed * 1_000 + lane)));
const clock = setInterval(tellCount, 100);
await Promise.all(lanes);
clearInterval(clock);
tellCount();
records.close();
caller.close();
process.disconnect();

function tellCount(): void {
  records.flush();
  if (process.connected) process.send?.(count - told);
  told = count;
}

async function work(chance: Chance): Promise<void> {
  while (!stopping) {
    const earlier = answered.length > 0 && chance.odds(0.06) ? chance.pick(answered) : null;
    if (earlier) await repeat(chance, earlier);
    else await settle(chance, makeOrder(chance));
    count += 1;
  }
}

function makeOrder(chance: Chance): Order {
  const id = `${orders.name}-${count}-${chance.between(0, 1e9)}`;
  const hold = openHolds.length > 0 && chance.odds(0.5) ? chance.pick(openHolds) : null;
  if (hold) return orderOnHold(chance, id, hold);
  const account = chance.pick(chance.odds(0.5) ? orders.few : orders.many);
  const secret = chance.pick(orders.secrets);
  const why = { tool: "torture", reference: id };
  if (chance.odds(0.6)) {
    const credits = chance.between(1, 9);
    return {
      id,
      account,
      secret,
      verb: "charge",
      credits,
      path: "charges",
      body: { credits, ...why },
      hold: null,
    };
  }
  const credits = chance.between(1, 30);
  const body = { credits, ...why, expiresInSeconds: chance.between(1, 20) };
  return { id, account, secret, verb: "hold", credits, path: "holds", body, hold: null };
}

/** One in five leaves the hold among the open ones: another closes it too. */
function orderOnHold(chance: Chance, id: string, hold: OpenHold): Order {
  const common = { id, account: hold.account, secret: hold.secret, hold: hold.id };
  if (chance.odds(0.15)) {
    const body = { expiresInSeconds: chance.between(1, 20) };
    return { ...common, verb: "extend", credits: 0, path: `holds/${hold.id}/extend`, body };
  }
  if (chance.odds(0.8)) openHolds.splice(openHolds.indexOf(hold), 1);
  if (chance.odds(0.3)) {
    return { ...common, verb: "release", credits: 0, path: `holds/${hold.id}/release`, body: undefined };
  }
  const credits = chance.between(0, hold.credits + (chance.odds(0.1) ? 1 : 0));
  return { ...common, verb: "capture", credits, path: `holds/${hold.id}/capture`, body: { credits } };
}

/** Sends a command until its fate is known, or given up. */
async function settle(chance: Chance, order: Order): Promise<void> {
  const keep = (fate: Record["fate"], requests: number, code: string, body: Body | null) =>
    records.keep({
      ...{ id: `api:${order.id}`, account: order.account, verb: order.verb, credits: order.credits },
      ...{ fate, code, requests, hold: body?.holdId ?? order.hold, lot: null },
      told: body && { credits: body.credits, available: body.available, held: body.held },
    });
  for (let requests = 1; ; requests += 1) {
    const hangUpMs = chance.odds(0.005) ? chance.between(0, 30) : undefined;
    const reply = await send(chance, order, hangUpMs);
    const fate = fateOf(reply, requests);
    if (fate === "applied" && reply) {
      keep(fate, requests, "", reply.body);
      remember(order, reply.body);
      return;
    }
    if (fate === "refused" || fate === "overtaken") {
      return keep(fate === "refused" ? fate : "unknown", requests, reply?.body.code ?? "", null);
    }
    if (fate === "fault") complain(order, reply, "is a fault");
    if (requests > 200 || chance.odds(fate === "not_applied" ? 0.3 : 0.05)) {
      return keep(fate === "not_applied" ? fate : "unknown", requests, "given up", null);
    }
    await pause(chance.between(20, 400));
  }
}

type Known = Record["fate"] | "fault" | "overtaken";

/** What the answer to one of the requests says of the command. */
function fateOf(reply: Reply | null, requests: number): Known {
  if (!reply) return "unknown";
  const { status, body } = reply;
  if (status === 200 || status === 201) return "applied";
  if (status === 503) return body.outcome === "not_applied" && requests === 1 ? "not_applied" : "unknown";
  // An earlier request may be decided after the one that was refused.
  if (status === 402 || status === 404 || status === 409) return requests === 1 ? "refused" : "overtaken";
  return "fault";
}

/** Asks again for what was done: it is answered as before, or as a conflict if it asks for something else. */
async function repeat(chance: Chance, { order, body: first }: Answered): Promise<void> {
  const other = order.body !== undefined && chance.odds(0.2);
  const asked = other ? { ...order, body: { ...changed(order.body), credits: 999_999 } } : order;
  const reply = await send(chance, order.verb === "extend" ? order : asked);
  if (!reply || reply.status === 503) return;
  if (other && order.verb !== "extend") {
    if (reply.body.code !== "idempotency_conflict") complain(order, reply, "is no conflict");
    return;
  }
  const { credits, available, held } = reply.body;
  const same = credits === first.credits && available === first.available && held === first.held;
  if (reply.status !== 200 || !same) {
    complain(order, reply, `is not what was answered first: ${JSON.stringify(first)}`);
  }
}

function changed(body: unknown): object {
  return typeof body === "object" && body !== null ? body : {};
}

function send(chance: Chance, order: Order, hangUpMs?: number): Promise<Reply | null> {
  const headers = {
    authorization: `Bearer ${order.secret}`,
    "content-type": "application/json",
    "idempotency-key": order.id,
    "toolmint-account": order.account,
  };
  return caller.post(`${chance.pick(orders.urls)}/api/v1/${order.path}`, headers, order.body, hangUpMs);
}

function remember(order: Order, body: Body): void {
  // Enough to repeat; more would only fill memory.
  if (answered.length < 2_000) answered.push({ order, body });
  else answered[count % answered.length] = { order, body };
  if (order.verb !== "hold" || !body.holdId) return;
  openHolds.push({ id: body.holdId, account: order.account, secret: order.secret, credits: order.credits });
}

function complain(order: Order, reply: Reply | null, what: string): void {
  const complaint = `the answer to ${order.verb} ${order.id} ${what}: ${JSON.stringify(reply)}`;
  records.keep({ complaint });
}
