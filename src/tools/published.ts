import { and, eq } from "drizzle-orm";
import { announce, announced, hearChanges } from "#platform/changes";
import { db } from "#platform/db";
import { log } from "#platform/log";
import { singleton } from "#platform/singleton";
import { toolRevisions, toolSettings } from "#schema";
import { codeTool, codeTools } from "./catalog";
import { toolAs } from "./revised";
import { readValues, type ToolValues } from "./settings";
import type { Tool } from "./tool";

/**
 * The tools as customers get them: the code's with the operator's published settings, and those that the operator
 * made. Each process keeps
 * the settings in memory, so that a run costs no query more; it reads them anew at once when another process
 * announces a change, and after a few seconds in any case, should the announcement have been lost.
 */

type Published = { revision: number; values: ToolValues };
type Book = {
  bySlug: ReadonlyMap<string, Published>;
  readAtMs: number;
  /** How many changes had been announced when its reading began. */
  changes: number;
};
type Shelf = {
  book: Book | null;
  reading: Promise<void> | null;
  changes: number;
  /** Revisions that are no longer published, for runs that they priced; none ever changes. */
  past: Map<string, ToolValues>;
};

const believedMs = 3_000;
const mostPast = 500;
const topic = "tools";
/** How far apart the code's tools stand, so that others can be moved between them. */
export const positionStep = 1_000;

const shelf = singleton<Shelf>("tools.published");

function openShelf(): Shelf {
  return shelf.once(() => {
    const made: Shelf = { book: null, reading: null, changes: 0, past: new Map() };
    const outdate = () => {
      made.changes += 1;
    };
    hearChanges(topic, outdate).catch((error: unknown) =>
      log().warn({ err: error }, "could not listen for changes of tools"),
    );
    return made;
  });
}

/** Every tool, in the operator's order, with those that are switched off. */
export async function listTools(): Promise<readonly Tool[]> {
  return (await listPlaced()).map(({ tool }) => tool);
}

/** Those that take new runs, for pages that offer them. */
export async function listOffered(): Promise<readonly Tool[]> {
  return (await listTools()).filter(({ enabled }) => enabled);
}

export async function findTool(slug: string): Promise<Tool | null> {
  const found = (await currentBook()).bySlug.get(slug);
  return found ? toolAs(slug, found.revision, found.values) : codeTool(slug);
}

/** With the number that decides its place. */
export async function listPlaced(): Promise<{ tool: Tool; position: number }[]> {
  const { bySlug } = await currentBook();
  const slugs = codeTools().map(({ slug }) => slug);
  const made = [...bySlug].flatMap(([slug, { values }]) =>
    values.made && !slugs.includes(slug) ? [slug] : [],
  );
  return [...slugs, ...made.toSorted()]
    .flatMap((slug, index) => {
      const found = bySlug.get(slug);
      const tool = found ? toolAs(slug, found.revision, found.values) : codeTool(slug);
      return tool ? [{ tool, position: found?.values.position ?? (index + 1) * positionStep }] : [];
    })
    .sort((a, b) => a.position - b.position);
}

/**
 * The tool that a run was begun with: of the revision that priced it, or of the draft that it tries. Null when
 * the tool is no longer offered.
 */
export async function toolOfRun(run: {
  tool: string;
  toolRevision: number;
  trial: unknown;
}): Promise<Tool | null> {
  const { tool: slug, toolRevision: revision } = run;
  if (run.trial !== null) return toolAs(slug, revision, readValues(run.trial));
  if (revision === 0) return codeTool(slug);
  return toolAs(slug, revision, await valuesAt(slug, revision));
}

/** Makes what was just committed count in this process, and tells the others. */
export async function settingsChanged(): Promise<void> {
  openShelf().changes += 1;
  announce({ owner: topic });
  await announced();
}

async function valuesAt(slug: string, revision: number): Promise<ToolValues> {
  const { bySlug } = await currentBook();
  const current = bySlug.get(slug);
  if (current?.revision === revision) return current.values;
  const { past } = openShelf();
  const key = `${slug}:${revision}`;
  const known = past.get(key);
  if (known) return known;
  const [row] = await db()
    .select({ values: toolRevisions.values })
    .from(toolRevisions)
    .where(and(eq(toolRevisions.slug, slug), eq(toolRevisions.revision, revision)));
  if (!row) throw new Error(`${slug} has no revision ${revision}`);
  const values = readValues(row.values);
  past.set(key, values);
  const [oldest] = past.keys();
  if (past.size > mostPast && oldest !== undefined) past.delete(oldest);
  return values;
}

/** @throws what reading throws, when nothing was read before */
async function currentBook(): Promise<Book> {
  const open = openShelf();
  for (;;) {
    const { book } = open;
    const known = book?.changes === open.changes && performance.now() - book.readAtMs < believedMs;
    if (book && known) return book;
    open.reading ??= readBook(open).finally(() => {
      open.reading = null;
    });
    try {
      await open.reading;
    } catch (error) {
      // While the database is away no run begins anyway; pages go on showing what they showed.
      if (!book) throw error;
      log().warn({ err: error }, "could not read the tools' settings");
      return book;
    }
  }
}

async function readBook(open: Shelf): Promise<void> {
  const { changes } = open;
  const rows = await db()
    .select({ slug: toolRevisions.slug, revision: toolRevisions.revision, values: toolRevisions.values })
    .from(toolSettings)
    .innerJoin(
      toolRevisions,
      and(eq(toolRevisions.slug, toolSettings.slug), eq(toolRevisions.revision, toolSettings.revision)),
    );
  const bySlug = new Map(
    rows.map(({ slug, revision, values }) => [slug, { revision, values: readValues(values) }]),
  );
  open.book = { bySlug, readAtMs: performance.now(), changes };
}
