/**
 * One instance per process. What Next bundles and what server.ts imports are two module graphs, so a
 * module-level variable would exist twice; a pool, a batcher or a queue must not.
 */
export const singletons = Symbol.for("toolmint.singletons");

type Registry = Map<string, unknown>;

const host: typeof globalThis & { [singletons]?: Registry } = globalThis;
host[singletons] ??= new Map();
/** Looked up once: where a new registry takes its place (tests do that), what began before keeps to its own. */
const registry: Registry = host[singletons];

/** A named slot of the process: read with `get`, replaced with `set`, emptied with `clear`. */
export function singleton<T>(name: string) {
  return {
    get: (): T | undefined => registry.get(name) as T | undefined,
    set: (value: T): void => {
      registry.set(name, value);
    },
    clear: (): void => {
      registry.delete(name);
    },
    /** The value, made by `make` the first time. */
    once: (make: () => T): T => {
      if (!registry.has(name)) registry.set(name, make());
      return registry.get(name) as T;
    },
  };
}
