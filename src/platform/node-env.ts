import { setEnvironment } from "./config";

/**
 * Imported first by server.ts: React and Next choose their optimised build by NODE_ENV when they are
 * loaded. It means nothing else here; whether the site is in production is decided by BASE_URL.
 */
setEnvironment("NODE_ENV", process.argv.includes("--dev") ? "development" : "production");
// Next would report usage to its maker.
setEnvironment("NEXT_TELEMETRY_DISABLED", "1");
