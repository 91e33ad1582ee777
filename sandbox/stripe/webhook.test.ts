import { appendFileSync, mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { startStripeSandbox } from "./server";
import { clientOf, testSandbox } from "./test-client";

const secret = "whsec_test";
let received: { body: string; signature: string }[] = [];
let status = 200;
let server: Server;
let url: string;
beforeAll(async () => {
  server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    received.push({ body, signature: String(request.headers["stripe-signature"]) });
    response.writeHead(status).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address && typeof address === "object") url = `http://127.0.0.1:${address.port}/`;
});
beforeEach(() => {
  received = [];
  status = 200;
});
afterAll(() => server.close());

const t = testSandbox();

it("delivers events with a signature that the SDK accepts", async () => {
  const endpoint = await t.stripe.webhookEndpoints.create({ url, enabled_events: ["customer.created"] });
  const customer = await t.stripe.customers.create({ name: "Ada" });
  await t.stripe.customers.update(customer.id, { name: "Ada L." });
  await t.sandbox.settled();
  expect(received).toHaveLength(1);
  const [{ body, signature } = { body: "", signature: "" }] = received;
  const event = t.stripe.webhooks.constructEvent(body, signature, endpoint.secret ?? "");
  expect(event).toMatchObject({ type: "customer.created", data: { object: { id: customer.id } } });
  expect(() => t.stripe.webhooks.constructEvent(`${body} `, signature, endpoint.secret ?? "")).toThrow();
  await t.stripe.webhookEndpoints.del(endpoint.id);
});

it("tells what an update has changed", async () => {
  const customer = await t.stripe.customers.create({ name: "Ada", metadata: { user: "1" } });
  await t.stripe.customers.update(customer.id, { name: "Bob" });
  const [event] = (await t.stripe.events.list({ type: "customer.updated" })).data;
  expect(event?.data).toMatchObject({ object: { name: "Bob" }, previous_attributes: { name: "Ada" } });
});

it("tries again when the endpoint refuses, with the same event", async () => {
  let now = Date.parse("2026-11-26T12:00:00Z");
  const own = await startStripeSandbox({ webhook: { url, secret }, now: () => now });
  status = 500;
  await clientOf(own).customers.create();
  await own.settled();
  status = 200;
  await own.settled();
  expect(received).toHaveLength(1);
  now += 2_000;
  await own.settled();
  expect(received).toHaveLength(2);
  expect(received[1]?.body).toBe(received[0]?.body);
  await own.stop();
});

it("remembers everything after a restart, also when the last line was cut", async () => {
  const folder = mkdtempSync(join(tmpdir(), "stripe-sandbox-"));
  const file = join(folder, "journal");
  const first = await startStripeSandbox({ file });
  const { id } = await clientOf(first).customers.create({ name: "Ada" });
  await first.stop();
  appendFileSync(file, '[["customer","cus_');
  const second = await startStripeSandbox({ file });
  expect(await clientOf(second).customers.retrieve(id)).toMatchObject({ name: "Ada" });
  const next = await clientOf(second).customers.create();
  expect(next.id).not.toBe(id);
  await second.stop();
  rmSync(folder, { recursive: true });
});
