import "#server-only";
import { log } from "./log";
import { singleton } from "./singleton";

/**
 * What a stopping process lets go of, in this order:
 * - `streams`: server-sent event streams, which would otherwise keep the server open for ever;
 * - `requests`: the HTTP server, which waits for the requests in flight;
 * - `jobs`: the worker, which finishes its jobs or gives them back;
 * - `work`: what requests and jobs used (the ledger's batcher, listeners);
 * - `connections`: pools, after everybody who used them.
 */
const phases = ["streams", "requests", "jobs", "work", "connections"] as const;
export type ShutdownPhase = (typeof phases)[number];

type Hook = { phase: ShutdownPhase; name: string; stop: () => Promise<void> | void };

const hooks = () => singleton<Set<Hook>>("shutdown").once(() => new Set());
const stopping = singleton<true>("shutdown.stopping");

/**
 * Registers what to do when the process stops.
 * @returns a function that takes the hook back (a closed stream has nothing left to stop).
 */
export function onShutdown(phase: ShutdownPhase, name: string, stop: Hook["stop"]): () => void {
  const hook = { phase, name, stop };
  hooks().add(hook);
  return () => {
    hooks().delete(hook);
  };
}

/** True once the process has begun to stop: long requests should not start now. */
export function isShuttingDown(): boolean {
  return stopping.get() ?? false;
}

/** Runs every hook, phase by phase; a hook that fails is logged and does not stop the others. */
export async function shutDown(): Promise<void> {
  stopping.set(true);
  for (const phase of phases) {
    const concerned = [...hooks()].filter((hook) => hook.phase === phase);
    await Promise.all(
      concerned.map(async (hook) => {
        hooks().delete(hook);
        try {
          await hook.stop();
        } catch (error) {
          log().error({ err: error, hook: hook.name }, "could not stop cleanly");
        }
      }),
    );
  }
}
