import { codeTool } from "./catalog";
import { serveRuns } from "./runner-serve";

/** The process a tool runs in: started by runner.ts, never imported. */
serveRuns(codeTool);
