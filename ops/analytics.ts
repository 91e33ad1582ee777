import { rebuild, rollups } from "#analytics";
import { withDatabase } from "#platform/database-server";
import { OperatorError, say } from "#platform/terminal";

export const usage = "analytics rebuild";
export const summary = "make every roll-up of the analytics anew, as from the first day";

export async function run([what, ...more]: readonly string[]): Promise<number> {
  if (what !== "rebuild" || more.length > 0) throw new OperatorError("npm run ops -- analytics rebuild");
  const started = performance.now();
  await withDatabase(() => rebuild(rollups, (rollup, from) => say(`${rollup} from ${from}`)), {
    queryTimeoutMs: 3_600_000,
  });
  say(`${rollups.length} roll-ups made anew in ${((performance.now() - started) / 1000).toFixed(1)} s.`);
  return 0;
}
