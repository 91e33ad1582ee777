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
    serializers: { err: describeError },
    redact: { paths: [...secrets, ...secrets.map((name) => `*.${name}`)], censor: "[secret]" },
  });
}

/**
 * What the log says of an error. Drizzle writes a query's parameters into the message, PostgreSQL a row's
 * values into `detail`: tokens, hashes and customers' texts, which no list of names finds.
 */
export function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return typeof error === "object" ? "not an error" : String(error);
  return {
    type: error.name,
    ...wordsOf(error),
    ...("code" in error && { code: error.code }),
    ...(error.cause !== undefined && { cause: describeError(error.cause) }),
  };
}

/** An error for those who write its words down themselves: they are the ones that the log may say. */
export function withoutValues(error: Error): Error {
  return Object.assign(new Error(), wordsOf(error));
}

function wordsOf(error: Error): { message: string; stack: string | undefined } {
  const message = error.message.replace(/\nparams: [\s\S]*$/, "");
  return { message, stack: error.stack?.replace(error.message, () => message) };
}
