import "#server-only";
import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { setEnvironment } from "./config";
import { isAlive } from "./postgres-lock";
import { OperatorError, say } from "./terminal";

/**
 * The pages are built on the first start. A build is named after what goes into it and put in place by a
 * rename, so that a killed build is never used and an unchanged one never repeated.
 */
const buildsFolder = ".next";
const draftPrefix = "building-";
const buildName = /^[0-9a-f]{16}$/;

/** Everything that goes into a build; a name that is not there counts too. */
const inputs = [
  "src",
  "db/schema",
  "public",
  "next.config.ts",
  "postcss.config.mjs",
  "package.json",
  "package-lock.json",
  "tsconfig.json",
];

/**
 * The folder of the pages' build for the sources as they are, built now if it is not there.
 * @param signal stops a build in progress.
 * @returns the folder, relative to `root`, as Next wants its `distDir`.
 * @throws OperatorError when the build fails or is stopped.
 */
export async function ensureBuild(root: string, signal?: AbortSignal): Promise<string> {
  const key = buildKey(root);
  const folder = join(buildsFolder, key);
  if (existsSync(join(root, folder, "BUILD_ID"))) {
    // The most recently used builds are kept.
    utimesSync(join(root, folder), new Date(), new Date());
    return folder;
  }
  mkdirSync(join(root, buildsFolder), { recursive: true });
  removeLeftovers(root);
  const draft = join(buildsFolder, `${draftPrefix}${process.pid}`);
  say("Building the pages. This happens once, and after a change.");
  const startedAt = Date.now();
  try {
    await runBuild(root, draft, signal);
    rmSync(join(root, draft, "cache"), { recursive: true, force: true });
    rmSync(join(root, folder), { recursive: true, force: true });
    renameSync(join(root, draft), join(root, folder));
  } finally {
    rmSync(join(root, draft), { recursive: true, force: true });
  }
  say(`Built the pages in ${Math.round((Date.now() - startedAt) / 1000)} s.`);
  removeOldBuilds(root, key);
  return folder;
}

/** A name for the content of everything that goes into a build. */
export function buildKey(root: string): string {
  const hash = createHash("sha256");
  for (const input of inputs) {
    for (const file of filesOf(root, input)) {
      hash
        .update(`${file}\0`)
        .update(readFileSync(join(root, file)))
        .update("\0");
    }
  }
  return hash.digest("hex").slice(0, 16);
}

/**
 * Next reads these from the environment in next.config.ts. It rewrites the tsconfig.json it is given, so
 * it gets one of its own.
 */
export function prepareNextEnvironment(root: string, distDir: string): void {
  mkdirSync(join(root, buildsFolder), { recursive: true });
  const tsconfig = join(buildsFolder, "tsconfig.json");
  writeFileSync(
    join(root, tsconfig),
    JSON.stringify({ extends: "../tsconfig.json", compilerOptions: { incremental: false }, include: [] }),
  );
  setEnvironment("TOOLMINT_BUILD_DIR", distDir);
  setEnvironment("TOOLMINT_TSCONFIG", tsconfig);
}

function filesOf(root: string, name: string): string[] {
  const path = join(root, name);
  if (!existsSync(path)) return [];
  if (!statSync(path).isDirectory()) return [name];
  return readdirSync(path, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && !/\.test\.tsx?$|\.md$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .sort();
}

async function runBuild(root: string, draft: string, signal: AbortSignal | undefined): Promise<void> {
  prepareNextEnvironment(root, draft);
  const next = join(root, "node_modules/next/dist/bin/next");
  // Only compiled: every page has a nonce of its own, so none can be rendered beforehand, and to find that out
  // takes Next a fifth of a build. What a page throws when it is loaded shows at its first request; the
  // browser tests open every page of a build like this.
  const child = spawn(process.execPath, [next, "build", "--experimental-build-mode", "compile"], {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const stop = () => child.kill("SIGKILL");
  signal?.addEventListener("abort", stop, { once: true });
  process.once("exit", stop);
  try {
    const { code, output } = await watch(child);
    if (signal?.aborted) throw new OperatorError("The build of the pages was stopped.");
    if (code !== 0) throw new OperatorError(`The pages could not be built:\n${output}`);
  } finally {
    signal?.removeEventListener("abort", stop);
    process.removeListener("exit", stop);
  }
}

/** Shows the build's stages while it runs; keeps the whole output for when it fails. */
async function watch(child: ChildProcess): Promise<{ code: number | null; output: string }> {
  let output = "";
  let shown = 0;
  const read = (chunk: Buffer) => {
    output += chunk.toString();
    const lines = output.slice(shown).split("\n");
    const rest = lines.pop() ?? "";
    shown = output.length - rest.length;
    for (const line of lines) if (isStage(line)) say(`  ${line.trim().replace(/^✓ /, "")}`);
  };
  child.stdout?.on("data", read);
  child.stderr?.on("data", read);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  });
  return { code, output };
}

function isStage(line: string): boolean {
  return /Creating an optimized|Compiled|Collecting page data|Finalizing/.test(line);
}

function removeLeftovers(root: string): void {
  for (const name of readdirSync(join(root, buildsFolder))) {
    if (!name.startsWith(draftPrefix) || isAlive(Number(name.slice(draftPrefix.length)))) continue;
    rmSync(join(root, buildsFolder, name), { recursive: true, force: true });
  }
}

/** Keeps the one before, which a process that is still to be restarted may be serving. */
function removeOldBuilds(root: string, current: string): void {
  const others = readdirSync(join(root, buildsFolder))
    .filter((name) => buildName.test(name) && name !== current)
    .map((name) => ({ name, usedAt: statSync(join(root, buildsFolder, name)).mtimeMs }))
    .sort((a, b) => b.usedAt - a.usedAt);
  for (const { name } of others.slice(1)) {
    rmSync(join(root, buildsFolder, name), { recursive: true, force: true });
  }
}
