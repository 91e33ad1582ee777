import "#server-only";
import { randomBytes } from "node:crypto";
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { config } from "./config";
import { singleton } from "./singleton";

const slot = singleton<string>("secret");

/**
 * The secret that signs sessions and cookies: AUTH_SECRET, which production requires (`config` stops
 * without it); in development a random one made once in the data folder.
 */
export function authSecret(): string {
  return slot.once(() => config().AUTH_SECRET ?? keptSecret(join(config().dataDir, "secret")));
}

/**
 * A random secret kept in a file only its owner reads; made the first time. Two processes that start
 * together get the same one: whoever links its file first wins.
 */
export function keptSecret(file: string): string {
  if (!existsSync(file)) {
    mkdirSync(join(file, ".."), { recursive: true });
    const draft = `${file}.${process.pid}.${randomBytes(4).toString("hex")}`;
    writeFileSync(draft, `${randomBytes(32).toString("base64url")}\n`, { mode: 0o600 });
    try {
      linkSync(draft, file);
    } catch (error) {
      if (!existsSync(file)) throw error;
    } finally {
      rmSync(draft);
    }
  }
  return readFileSync(file, "utf8").trim();
}
