import { config, isLoopback } from "./config";

/** Where the site's own pages are served, and that browsers reach them by HTTPS alone. */

/** Origins of our own pages: BASE_URL's and, in development, each name of this machine's. */
export function ownOrigins(): string[] {
  const base = new URL(config().baseUrl);
  if (config().production) return [base.origin];
  const port = base.port ? `:${base.port}` : "";
  const names = [base.hostname, "localhost", "127.0.0.1", "[::1]"].filter(isLoopback);
  return [...new Set(names)].map((name) => `${base.protocol}//${name}${port}`);
}

/** Strict-Transport-Security of pages and API: a year; null in development, which has no certificate. */
export function strictTransport(): string | null {
  return config().production ? "max-age=31536000; includeSubDomains" : null;
}
