import "#platform/node-env";
import { say } from "#platform/terminal";
import { runCommand } from "./command";

/** The operator's verbs: `npm run ops -- VERB`. Each is a file beside this one. */
type Verb = {
  usage: string;
  summary: string;
  /** @returns the exit code; nothing means 0. */
  run: (args: readonly string[]) => Promise<number | undefined>;
};

const verbs: Record<string, () => Promise<Verb>> = {
  analytics: () => import("./analytics"),
  codes: () => import("./codes"),
  demo: () => import("./demo"),
  doctor: () => import("./doctor"),
  owner: () => import("./owner"),
  reconcile: () => import("./reconcile"),
  stripe: () => import("./stripe"),
  torture: () => import("./torture"),
};

await runCommand(async () => {
  const [name = "", ...args] = process.argv.slice(2);
  const load = Object.hasOwn(verbs, name) ? verbs[name] : undefined;
  if (load) return (await load()).run(args);
  say(name ? `There is no verb "${name}". These are:` : "npm run ops -- VERB, where VERB is one of:");
  for (const other of Object.values(verbs)) {
    const { usage, summary } = await other();
    say(`  ${usage.padEnd(16)} ${summary}`);
  }
  return name ? 1 : 0;
});
