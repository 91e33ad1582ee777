import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { pathToFileURL } from "node:url";

/**
 * `node run.mjs server.ts …` runs one of the project's scripts. Those that start often are put together into a few
 * files, which load in half the time that a file for each of several hundred modules takes. They are made again
 * whenever a source has changed, and lie beside the packages; where nothing can be written, and for all other
 * scripts, the sources themselves are loaded.
 */

const root = import.meta.dirname;
const bundled = [
  ...["server.ts", "ops/index.ts", "ops/build.ts", "ops/migrate.ts"],
  ...["src/tools/runner-child.ts", "src/tools/measure-child.ts"],
];
const sources = ["src", "db/schema", "sandbox", "ops"];
const cache = join(root, "node_modules/.cache/toolmint");
/** Processes that still run go on loading from the ones before. */
const mostKept = 3;

function fingerprint() {
  const hash = createHash("sha256").update(process.version);
  const note = (path) => {
    const { size, mtimeMs } = statSync(join(root, path));
    hash.update(`\n${path} ${size} ${mtimeMs}`);
  };
  const walk = (folder) => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory()) walk(path);
      else note(path);
    }
  };
  for (const folder of sources) walk(folder);
  for (const file of ["server.ts", "run.mjs", "package.json", "package-lock.json", "tsconfig.json"])
    note(file);
  return hash.digest("hex").slice(0, 16);
}

/** A module knows where its source lies, not where it was put. */
const places = {
  name: "places",
  setup(build) {
    build.onLoad({ filter: /\.ts$/ }, ({ path }) => {
      const text = readFileSync(path, "utf8");
      if (!text.includes("import.meta.")) return undefined;
      const contents = text
        .replaceAll("import.meta.dirname", JSON.stringify(dirname(path)))
        .replaceAll("import.meta.filename", JSON.stringify(path))
        .replaceAll("import.meta.url", JSON.stringify(pathToFileURL(path).href));
      return { contents, loader: "ts" };
    });
  },
};

async function bundle(folder) {
  const { build } = await import("esbuild");
  mkdirSync(cache, { recursive: true });
  const draft = `${folder}.${process.pid}`;
  try {
    await build({
      absWorkingDir: root,
      entryPoints: bundled,
      outdir: draft,
      outbase: root,
      bundle: true,
      splitting: true,
      packages: "external",
      platform: "node",
      format: "esm",
      target: "node20",
      jsx: "automatic",
      sourcemap: "linked",
      sourcesContent: false,
      logLevel: "error",
      plugins: [places],
      outExtension: { ".js": ".mjs" },
    });
    renameSync(draft, folder);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    // Another process was faster.
    if (!existsSync(folder)) throw error;
  }
  const others = readdirSync(cache)
    .map((name) => join(cache, name))
    // Another process may just have moved its own away.
    .map((path) => ({ path, madeMs: statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0 }))
    .sort((a, b) => b.madeMs - a.madeMs);
  for (const { path } of others.slice(mostKept)) rmSync(path, { recursive: true, force: true });
}

/** @returns the entry's bundle; null when none could be written */
async function findBundle(entry) {
  const folder = join(cache, fingerprint());
  try {
    if (!existsSync(folder)) await bundle(folder);
  } catch (error) {
    if (error?.code !== "EACCES" && error?.code !== "EROFS") throw error;
    return null;
  }
  return join(folder, entry.replace(/\.ts$/, ".mjs"));
}

const file = resolve(process.argv[2] ?? "");
// The script sees itself as what was started.
process.argv.splice(1, 2, file);
const entry = relative(root, file);
const found = bundled.includes(entry) ? await findBundle(entry) : null;
if (found) process.setSourceMapsEnabled(true);
else (await import("tsx/esm/api")).register();
await import(pathToFileURL(found ?? file).href);
