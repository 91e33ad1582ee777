import { behaviours, startSandboxModel } from "./index";

/** `npx tsx sandbox/model/start.ts [port]`: the model as a server of its own, for development. */
const model = await startSandboxModel(Number(process.argv[2] ?? 4010));
console.log(`A model for development: AI_BASE_URL=${model.url} AI_MODEL=sandbox`);
console.log(`Write sandbox:<behaviour> into a text to make it go wrong: ${behaviours.join(", ")}.`);
process.once("SIGINT", () => void model.stop());
process.once("SIGTERM", () => void model.stop());
