import { sql } from "drizzle-orm";
import { db } from "#platform/db";
import { firstId } from "#platform/id";

/** How a tool fared of late: runs that ended, without tests by staff and those that somebody cancelled. */
export type ToolFigures = { runs: number; succeeded: number };

/** By tool, over the last `days`. */
export async function toolFigures(days: number): Promise<Map<string, ToolFigures>> {
  const since = new Date(Date.now() - days * 86_400_000);
  const { rows } = await db().execute<{ tool: string } & ToolFigures>(sql`
    select tool, count(*)::int as runs, (count(*) filter (where status = 'succeeded'))::int as succeeded
    from runs
    where id >= ${firstId("run", since)} and trial is null and status in ('succeeded', 'failed')
    group by tool`);
  return new Map(rows.map(({ tool, ...figures }) => [tool, figures]));
}
