import { afterAll, expect, it } from "vitest";
import { stopLedger } from "#ledger";
import { config } from "#platform/config";
import { recordResponse } from "#platform/response-times";
import { testDatabase, testFolder } from "#test";
import { api } from "./app";
import { aUser } from "./test-caller";
import { fund } from "./test-tools";

testDatabase();
testFolder();
afterAll(stopLedger);

function ask(remoteAddress: string, headers: Record<string, string> = {}) {
  return api.request("/api/metrics", { headers }, { incoming: { socket: { remoteAddress } } });
}

it("Prometheus reads this process's figures and the site's", async () => {
  recordResponse("/api/v1/charges", "POST", 200, 7);
  await fund(await aUser("ada"), 5n);
  const answer = await ask("127.0.0.1");
  expect(answer.headers.get("content-type")).toMatch(/^text\/plain; version=0\.0\.4/);
  const text = await answer.text();
  const labels = 'route="/api/v1/charges",method="POST",status="2xx"';
  expect(text).toContain(`toolmint_http_response_seconds_bucket{${labels},le="0.005"} 0\n`);
  expect(text).toContain(`toolmint_http_response_seconds_bucket{${labels},le="0.01"} 1\n`);
  expect(text).toContain(`toolmint_http_response_seconds_count{${labels}} 1\n`);
  expect(text).toMatch(/^toolmint_ledger_batch_commands_count [1-9]/m);
  for (const name of [
    "process_cpu_seconds_total",
    'toolmint_database_connections{state="idle"}',
    "toolmint_database_up 1",
    "toolmint_job_oldest_due_seconds",
    "toolmint_webhook_lag_seconds 0",
  ])
    expect(text).toContain(name);
});

it("whoever is not on this machine, or comes through a proxy, finds nothing; with a token set it alone decides", async () => {
  expect((await ask("203.0.113.7")).status).toBe(404);
  expect((await ask("127.0.0.1", { "x-forwarded-for": "203.0.113.7" })).status).toBe(404);
  config().METRICS_TOKEN = "a-token-of-sixteen";
  try {
    expect((await ask("127.0.0.1")).status).toBe(404);
    expect((await ask("203.0.113.7", { authorization: "Bearer wrong" })).status).toBe(404);
    expect((await ask("203.0.113.7", { authorization: "Bearer a-token-of-sixteen" })).status).toBe(200);
  } finally {
    delete config().METRICS_TOKEN;
  }
});
