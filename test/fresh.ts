import { setPriority } from "node:os";
import { vi } from "vitest";
import { singletons } from "#platform/singleton";

/**
 * One process runs many test files, for loading the installed packages takes longer than most tests. Our own
 * modules, what they keep in the process, and the environment begin anew with each file.
 */
const atStart = Symbol.for("toolmint.test.environment");
const host: typeof globalThis & { [atStart]?: NodeJS.ProcessEnv } = globalThis;

vi.resetModules();
Reflect.deleteProperty(globalThis, singletons);
host[atStart] ??= { ...process.env };
process.env = { ...host[atStart] };

// No test runs before the tools' processes, which stand back for pages: on a busy machine they would never run.
setPriority(10);
