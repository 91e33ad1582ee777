import { createServer } from "node:http";
import { expect, onTestFinished, test, vi } from "vitest";
import { testFolder } from "#test";
import { findAddress, writeAddress } from "./site-address";

testFolder();

test("a command finds the site that runs on its data folder, wherever it listens, and none that has stopped", async () => {
  const server = createServer((_request, response) => response.end());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === "object" && address?.port}`;
  vi.stubEnv("BASE_URL", url);
  expect(await findAddress()).toBeNull();
  const takeBack = writeAddress();
  expect(await findAddress()).toBe(url);
  await new Promise((resolve) => server.close(resolve));
  expect(await findAddress()).toBeNull();
  takeBack();
  expect(await findAddress()).toBeNull();
});
