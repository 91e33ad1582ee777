import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Those that start processes and wait for them; begun last, they would leave the other workers idle. */
const longest = ["server.test.ts", "embedded-postgres.test.ts", "runner.test.ts", "build.test.ts"];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) =>
      longest.findIndex((name) => moduleId.endsWith(`/${name}`));
    const first = files.filter((file) => rank(file) >= 0).sort((a, b) => rank(a) - rank(b));
    return [...first, ...(await super.sort(files.filter((file) => rank(file) < 0)))];
  }
}

export default defineConfig({
  test: {
    include: ["{src,test,ops,sandbox,bench,db}/**/*.test.{ts,tsx}", "*.test.ts"],
    isolate: false,
    sequence: { sequencer: LongestFirst },
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
