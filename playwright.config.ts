import { setPriority } from "node:os";
import { defineConfig, devices } from "@playwright/test";

// As in test/fresh.ts: no browser runs before the tools' processes.
setPriority(10);

// Not any port: fetch refuses some, 4190 among them, and events would not arrive.
const port = Number(process.env.E2E_PORT ?? 4280);
const modelPort = port + 1000;
const dataDir = ".data/e2e";

/** The browser tests run against the real thing: `npm start`, with a data folder of its own. */
export default defineConfig({
  testDir: "e2e",
  testMatch: "*.spec.ts",
  outputDir: "test-results",
  timeout: 90_000,
  expect: { timeout: 15_000 },
  // Pages wait more than they work; two at a time fill two cores.
  workers: 2,
  forbidOnly: true,
  // A busy host may hold a test up past its limit once; what needs the second try is reported as flaky.
  retries: process.env.CI ? 1 : 0,
  use: {
    ...devices["Desktop Chrome"],
    baseURL: `http://localhost:${port}`,
    locale: "en-US",
    timezoneId: "UTC",
    // Recording takes as long as the tests themselves.
    trace: process.env.CI ? "on-first-retry" : "retain-on-failure",
    launchOptions: {
      executablePath: process.env.CHROMIUM_PATH ?? "/usr/bin/chromium-headless-shell",
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
  webServer: [
    {
      command: `npx tsx sandbox/model/start.ts ${modelPort}`,
      url: `http://localhost:${modelPort}/v1/models`,
      stdout: "pipe",
    },
    {
      command: `rm -rf ${dataDir} && exec npm start`,
      url: `http://localhost:${port}/`,
      env: {
        PORT: String(port),
        DATA_DIR: dataDir,
        LOG_LEVEL: "warn",
        AI_BASE_URL: `http://127.0.0.1:${modelPort}/v1`,
        AI_MODEL: "sandbox",
      },
      timeout: 300_000,
      gracefulShutdown: { signal: "SIGINT", timeout: 20_000 },
      stdout: "pipe",
    },
  ],
});
