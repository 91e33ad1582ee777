import { pino } from "pino";
import { config } from "./config";
import { singleton } from "./singleton";

/** The process's logger. Secrets are cut out by name wherever an object carries them. */
export function log() {
  return singleton<ReturnType<typeof makeLogger>>("log").once(makeLogger);
}

function makeLogger() {
  const secrets = ["password", "token", "authorization", "cookie", "secret", "apiKey", "key"];
  return pino({
    level: config().LOG_LEVEL,
    base: null,
    redact: { paths: [...secrets, ...secrets.map((name) => `*.${name}`)], censor: "[secret]" },
  });
}
