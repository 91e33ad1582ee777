/**
 * One instance per process. What Next bundles and what server.ts imports are two module graphs, so a
 * module-level variable would exist twice; a pool, a batcher or a queue must not.
 */
const registryKey = Symbol.for("toolmint.singletons");

type Registry = Map<string, unknown>;

function registry(): Registry {
  const host: typeof globalThis & { [registryKey]?: Registry } = globalThis;
  host[registryKey] ??= new Map();
  return host[registryKey];
}

/** A named slot of the process: read with `get`, replaced with `set`, emptied with `clear`. */
export function singleton<T>(name: string) {
  return {
    get: (): T | undefined => registry().get(name) as T | undefined,
    set: (value: T): void => {
      registry().set(name, value);
    },
    clear: (): void => {
      registry().delete(name);
    },
    /** The value, made by `make` the first time. */
    once: (make: () => T): T => {
      if (!registry().has(name)) registry().set(name, make());
      return registry().get(name) as T;
    },
  };
}
