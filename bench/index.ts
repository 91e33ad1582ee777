import "#platform/node-env";
import { say, tell } from "#platform/terminal";

/** `npm run bench -- NAME`: each is a file beside this one. */
const benches: Record<string, () => Promise<{ run: (args: readonly string[]) => Promise<void> }>> = {
  ledger: () => import("./ledger"),
  life: () => import("./life"),
  history: () => import("./history"),
  reconcile: () => import("./reconcile"),
  pressure: () => import("./pressure"),
  analytics: () => import("./analytics"),
  customers: () => import("./customers"),
  webhooks: () => import("./webhooks"),
};

const [name = "", ...args] = process.argv.slice(2);
const load = Object.hasOwn(benches, name) ? benches[name] : undefined;
try {
  if (load) await (await load()).run(args);
  else
    say("npm run bench -- NAME [--quick], where NAME is one of:", `  ${Object.keys(benches).join("\n  ")}`);
} catch (error) {
  tell(error);
  process.exitCode = 1;
}
