import { readFileSync } from "node:fs";
import { z } from "zod";
import { type Body, Caller, type Reply } from "./call";
import { Chance, pause } from "./chance";
import { makeOrder, type Open, type Order } from "./order";
import { type Record, RecordFile } from "./record";

/**
 * A client process: lanes that charge, hold, capture, release and extend, start runs and cancel them over HTTP,
 * each with one command on its way. What has no answer is sent again with the same key, mostly until it has one.
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
  .parse(JSON.parse(readFileSync(process.argv[2] ?? "", "utf8")));

/** Too few credits, not there, too late, too many runs at once. */
const refusals = new Set([402, 404, 409, 429]);

type Answered = { order: Order; body: Body };

const records = new RecordFile(orders.file);
const caller = new Caller();
const open: Open = { holds: [], runs: [] };
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
    const key = `${orders.name}-${count}-${chance.between(0, 1e9)}`;
    if (earlier) await repeat(chance, earlier);
    else await settle(chance, makeOrder(chance, key, orders, open));
    count += 1;
  }
}

/** Sends a command until its fate is known, or given up. */
async function settle(chance: Chance, order: Order): Promise<void> {
  const keep = (fate: Record["fate"], requests: number, code: string, body: Body | null) =>
    records.keep({
      ...{ id: order.id, account: order.account, verb: order.verb, credits: order.credits },
      ...{ fate, code, requests, hold: body?.holdId ?? order.hold, lot: null },
      run: order.verb === "run" ? (body?.id ?? null) : order.run,
      told: body && { credits: body.credits, available: body.available, held: body.held },
    });
  for (let requests = 1; ; requests += 1) {
    const hangUpMs = chance.odds(0.005) ? chance.between(0, 30) : undefined;
    const reply = await send(chance, order, hangUpMs);
    const fate = fateOf(order, reply, requests);
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
function fateOf({ verb }: Order, reply: Reply | null, requests: number): Known {
  if (!reply) return "unknown";
  const { status, body } = reply;
  // A run that works is cancelled when its worker has stopped: that it was asked says nothing of its end.
  if (verb === "cancel" && status === 200) return body.status === "canceled" ? "applied" : "overtaken";
  if (status === 200 || status === 201) return "applied";
  if (status === 503) return body.outcome === "not_applied" && requests === 1 ? "not_applied" : "unknown";
  // An earlier request may be decided after the one that was refused.
  const refused = refusals.has(status) || body.code === "hold_exceeded";
  if (refused) return requests === 1 ? "refused" : "overtaken";
  return "fault";
}

/** Asks again for what was done: it is answered as before, or as a conflict if it asks for something else. */
async function repeat(chance: Chance, { order, body: first }: Answered): Promise<void> {
  const other = chance.odds(0.2) ? otherwise(order) : null;
  const reply = await send(chance, other ?? order);
  if (!reply || reply.status === 503) return;
  if (other) {
    if (reply.body.code !== "idempotency_conflict") complain(order, reply, "is no conflict");
    return;
  }
  const { credits, available, held, id } = reply.body;
  const same = credits === first.credits && available === first.available && held === first.held;
  if (reply.status !== 200 || !same || id !== first.id) {
    complain(order, reply, `is not what was answered first: ${JSON.stringify(first)}`);
  }
}

/** The same key with other arguments, where there are any. */
function otherwise(order: Order): Order | null {
  const { verb, body } = order;
  if (verb === "run") return { ...order, body: { input: { price: 99, use: 0, ms: 0, fail: 0 } } };
  if (verb === "extend" || !body) return null;
  return { ...order, body: { ...body, credits: 999_999 } };
}

function send(chance: Chance, order: Order, hangUpMs?: number): Promise<Reply | null> {
  const headers = {
    authorization: `Bearer ${order.secret}`,
    "content-type": "application/json",
    "idempotency-key": order.key,
    "toolmint-account": order.account,
  };
  return caller.post(`${chance.pick(orders.urls)}/api/v1/${order.path}`, headers, order.body, hangUpMs);
}

function remember(order: Order, body: Body): void {
  const { verb, account, secret, credits } = order;
  if (verb === "cancel") return;
  // Enough to repeat; more would only fill memory.
  if (answered.length < 2_000) answered.push({ order, body });
  else answered[count % answered.length] = { order, body };
  if (verb === "hold" && body.holdId) open.holds.push({ id: body.holdId, account, secret, credits });
  if (verb === "run" && body.id) open.runs.push({ id: body.id, account, secret });
}

function complain(order: Order, reply: Reply | null, what: string): void {
  const complaint = `the answer to ${order.verb} ${order.id} ${what}: ${JSON.stringify(reply)}`;
  records.keep({ complaint });
}
