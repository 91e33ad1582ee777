import "#platform/node-env";
import { ensureBuild } from "#platform/build";
import { runCommand } from "./command";

/** `npm run build`: builds the pages now instead of at the first start. */
await runCommand(async () => {
  console.log(`The pages are in ${await ensureBuild(process.cwd())}.`);
  return 0;
});
