import { and, eq } from "drizzle-orm";
import { db } from "#platform/db";
import { remembered } from "#platform/remembered";
import { singleton } from "#platform/singleton";
import { toolRevisions, toolSettings } from "#schema";
import { codeTool, codeTools } from "./catalog";
import { toolAs } from "./revised";
import { readValues, type ToolValues } from "./settings";
import type { Tool } from "./tool";

/**
 * The tools as customers get them: the code's with the operator's published settings, and those that the operator
 * made. They are remembered, so that a run costs no query more.
 */

type Published = { revision: number; values: ToolValues };

const settings = remembered<ReadonlyMap<string, Published>>("tools", readPublished);
/** Revisions that are no longer published, for runs that they priced; none ever changes. */
const past = singleton<Map<string, ToolValues>>("tools.past");
const mostPast = 500;
/** How far apart the code's tools stand, so that others can be moved between them. */
export const positionStep = 1_000;

/** Every tool, in the operator's order, with those that are switched off. */
export async function listTools(): Promise<readonly Tool[]> {
  return (await listPlaced()).map(({ tool }) => tool);
}

/** Those that take new runs, for pages that offer them. */
export async function listOffered(): Promise<readonly Tool[]> {
  return (await listTools()).filter(({ enabled }) => enabled);
}

export async function findTool(slug: string): Promise<Tool | null> {
  const found = (await settings.current()).get(slug);
  return found ? toolAs(slug, found.revision, found.values) : codeTool(slug);
}

/** With the number that decides its place. */
export async function listPlaced(): Promise<{ tool: Tool; position: number }[]> {
  const bySlug = await settings.current();
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
export const settingsChanged = settings.changed;

async function valuesAt(slug: string, revision: number): Promise<ToolValues> {
  const current = (await settings.current()).get(slug);
  if (current?.revision === revision) return current.values;
  const kept = past.once(() => new Map());
  const key = `${slug}:${revision}`;
  const known = kept.get(key);
  if (known) return known;
  const [row] = await db()
    .select({ values: toolRevisions.values })
    .from(toolRevisions)
    .where(and(eq(toolRevisions.slug, slug), eq(toolRevisions.revision, revision)));
  if (!row) throw new Error(`${slug} has no revision ${revision}`);
  const values = readValues(row.values);
  kept.set(key, values);
  const [oldest] = kept.keys();
  if (kept.size > mostPast && oldest !== undefined) kept.delete(oldest);
  return values;
}

async function readPublished(): Promise<ReadonlyMap<string, Published>> {
  const rows = await db()
    .select({ slug: toolRevisions.slug, revision: toolRevisions.revision, values: toolRevisions.values })
    .from(toolSettings)
    .innerJoin(
      toolRevisions,
      and(eq(toolRevisions.slug, toolSettings.slug), eq(toolRevisions.revision, toolSettings.revision)),
    );
  return new Map(rows.map(({ slug, revision, values }) => [slug, { revision, values: readValues(values) }]));
}
