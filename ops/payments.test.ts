import { expect, it } from "vitest";
import { sells, syncCatalogue } from "#billing";
import { config } from "#platform/config";
import { startSiteSandbox } from "#sandbox/stripe";
import { testDatabase, testFolder } from "#test";
import { connectPayments } from "./payments";

testFolder();
testDatabase();

it("the operator's verbs find the sandbox of a development site that runs, and say when it does not", async () => {
  await expect(connectPayments()).rejects.toThrow("start it in another terminal");
  const sandbox = await startSiteSandbox(config());
  await connectPayments();
  expect(sells()).toBe(true);
  expect((await syncCatalogue()).created).toHaveLength(45);
  await sandbox.stop();
});
