import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { emptyTables, isKind, type Kind, type Records, type Tables } from "./records";

/**
 * Keeps the records in memory and, given a file, in a journal: a line for each transaction, so that one is
 * there whole or not at all. A crash can only cut the last line, which is then left out.
 */

type Change = [kind: string, id: string, record: unknown];

export type Store = ReturnType<typeof openStore>;

/** @param file the journal; without one nothing outlives the process. */
export function openStore(file: string | null) {
  const tables = emptyTables();
  let changes: Change[] = [];
  let undo: (() => void)[] = [];
  let depth = 0;
  if (file) restore(file, tables);

  function note<K extends Kind>(kind: K, id: string, record: Records[K] | null): void {
    const table = tables[kind];
    const before = table.get(id);
    undo.push(() => (before === undefined ? table.delete(id) : table.set(id, before)));
    changes.push([kind, id, record]);
  }

  function commit(): void {
    if (file && changes.length > 0) appendFileSync(file, `${JSON.stringify(changes)}\n`);
    changes = [];
    undo = [];
  }

  /** Runs `work`; takes its changes back when it throws, or when nothing is to stay. */
  function bracket<T>(work: () => T, keeps: (error: unknown) => boolean, keepsResult: boolean): T {
    const mark = { undo: undo.length, changes: changes.length };
    const takeBack = () => {
      for (const back of undo.splice(mark.undo).reverse()) back();
      changes.splice(mark.changes);
    };
    depth++;
    try {
      const result = work();
      if (!keepsResult) takeBack();
      return result;
    } catch (error) {
      if (!keeps(error)) takeBack();
      throw error;
    } finally {
      depth--;
      if (depth === 0) commit();
    }
  }

  return {
    get: <K extends Kind>(kind: K, id: string): Records[K] | undefined => tables[kind].get(id),
    /** Oldest first. */
    all: <K extends Kind>(kind: K): Records[K][] => [...tables[kind].values()],
    put<K extends Kind>(kind: K, record: Records[K]): Records[K] {
      // As it will be on the wire: without undefined, decimals as text, and nobody's but the store's.
      const plain: Records[K] = JSON.parse(JSON.stringify(record));
      note(kind, plain.id, plain);
      tables[kind].set(plain.id, plain);
      return plain;
    },
    remove(kind: Kind, id: string): void {
      note(kind, id, null);
      tables[kind].delete(id);
    },
    /** The Stripe object with this id, whatever it is. */
    find(id: string): object | undefined {
      for (const table of Object.values(tables)) {
        const found: { id: string } | undefined = table.get(id);
        if (found && "object" in found) return found;
      }
      return undefined;
    },
    /** Runs `work`; what it changes is kept when it returns, and when it throws what `keeps` says. */
    transact: <T>(work: () => T, keeps: (error: unknown) => boolean = () => false): T =>
      bracket(work, keeps, true),
    /** What `work` would give; nothing of it stays. */
    dryRun: <T>(work: () => T): T => bracket(work, () => false, false),
  };
}

function restore(file: string, tables: Tables): void {
  mkdirSync(dirname(file), { recursive: true });
  if (!existsSync(file)) return;
  const lines = readFileSync(file, "utf8").split("\n");
  for (const line of lines.slice(0, -1)) {
    const changes: Change[] = JSON.parse(line);
    for (const [kind, id, record] of changes) {
      if (!isKind(kind, tables)) continue;
      const table: Map<string, unknown> = tables[kind];
      if (record === null) table.delete(id);
      else table.set(id, record);
    }
  }
  // Start again from what stands, so that the file does not grow with every change ever made.
  const standing = Object.entries(tables).flatMap(([kind, table]) =>
    [...table].map(([id, record]): Change => [kind, id, record]),
  );
  writeFileSync(`${file}.new`, standing.length > 0 ? `${JSON.stringify(standing)}\n` : "");
  renameSync(`${file}.new`, file);
}
