import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["{src,test,ops,sandbox,bench,db}/**/*.test.{ts,tsx}", "*.test.ts"],
    isolate: false,
    setupFiles: ["test/fresh.ts"],
    globalSetup: ["test/global-setup.ts"],
    pool: "forks",
    // Tests of processes wait more than they work.
    maxWorkers: 3,
    testTimeout: 20_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 15_000 } },
    // Vite writes its own BASE_URL ("/") into the environment; ours is another thing.
    env: { LOG_LEVEL: "silent", BASE_URL: "" },
  },
});
