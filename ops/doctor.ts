import { withDatabase } from "#platform/database-server";
import { counted } from "#platform/terminal";
import { type Check, checks } from "./checks";

export const usage = "doctor";
export const summary = "say what is configured, what is missing for which feature, and test each connection";

const marks = { works: "✓", off: "–", fails: "✗" } as const;

/** @returns 1 when something that is configured does not work. */
export async function run(): Promise<number> {
  const results = await withDatabase(
    async (server) => {
      const done: Check[] = [];
      for (const check of checks) done.push(await check(server));
      return done;
    },
    { migrate: false },
  );
  for (const { name, state, sentence } of results) {
    console.log(`${marks[state]} ${name.padEnd(12)} ${sentence}`);
  }
  const failing = results.filter(({ state }) => state === "fails").length;
  console.log(
    failing === 0
      ? "\nEverything that is configured works."
      : `\n${counted(failing, "of these does", "of these do")} not work.`,
  );
  return failing === 0 ? 0 : 1;
}
