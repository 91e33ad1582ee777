import { randomBytes } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import type { OpenAPIHono } from "@hono/zod-openapi";
import { keyPrefix } from "#identity";
import { config } from "#platform/config";
import { singleton } from "#platform/singleton";
import { type ApiEnv, newRouter } from "./router";

/** The API's description, and a reference page made of it: its script comes from the installed package. */

const scriptFile = "node_modules/@scalar/api-reference/dist/browser/standalone.js";
const scriptPath = "/api/docs/reference.js";

/** The OpenAPI 3.1 document of an API's routes. */
export function describeApi(api: OpenAPIHono<ApiEnv>) {
  const { SITE_NAME, OPERATOR_NAME, OPERATOR_MAIL, baseUrl, production } = config();
  api.openAPIRegistry.registerComponent("securitySchemes", "session", {
    type: "apiKey",
    in: "cookie",
    name: production ? "__Secure-toolmint.session_token" : "toolmint.session_token",
    description:
      "The cookie of `POST /api/auth/sign-in/email`. Unsafe requests with it must come from our origin.",
  });
  api.openAPIRegistry.registerComponent("securitySchemes", "apiKey", {
    type: "http",
    scheme: "bearer",
    description: `An API key, \`${keyPrefix()}…\`, of the page Keys. Cookies are ignored beside it. A service key names its customer in \`Toolmint-Account\`.`,
  });
  api.openAPIRegistry.registerComponent("securitySchemes", "cronSecret", {
    type: "http",
    scheme: "bearer",
    description: "The operator's CRON_SECRET, for schedulers.",
  });
  return api.getOpenAPI31Document({
    openapi: "3.1.0",
    info: {
      title: `${SITE_NAME} API`,
      version: "1",
      description:
        "Run tools, follow runs, read your credits. Every error is `application/problem+json` with a `code` that does not change; every answer carries `X-Request-Id`.",
      contact: { name: OPERATOR_NAME, email: OPERATOR_MAIL },
    },
    servers: [{ url: baseUrl }],
    security: [{ session: [] }, { apiKey: [] }],
  });
}

/** Adds the document and the page to the finished API. */
export function docsFor(readDocument: () => ReturnType<typeof describeApi>) {
  return newRouter()
    .get("/api/openapi.json", (c) => c.json(readDocument(), 200, { "Cache-Control": "public, max-age=60" }))
    .get("/api/docs", (c) => {
      const nonce = randomBytes(16).toString("base64");
      return c.html(page(config().SITE_NAME, nonce), 200, {
        // The script writes its own styles; nothing else is let in, and nothing from elsewhere.
        "Content-Security-Policy": [
          "default-src 'none'",
          `script-src 'nonce-${nonce}'`,
          "style-src 'self' 'unsafe-inline'",
          "img-src 'self' data: blob:",
          "font-src 'self' data:",
          "connect-src 'self'",
          "base-uri 'none'",
          "form-action 'none'",
          "frame-ancestors 'none'",
        ].join("; "),
      });
    })
    .get(scriptPath, async (c) => {
      const { plain, packed, tag } = await singleton<Promise<Script>>("docs.script").once(loadScript);
      const headers = {
        "Content-Type": "text/javascript; charset=utf-8",
        "Cache-Control": "public, max-age=3600",
        ETag: tag,
        Vary: "Accept-Encoding",
      };
      if (c.req.header("if-none-match") === tag) return c.body(null, 304, headers);
      const takesGzip = /\bgzip\b/.test(c.req.header("accept-encoding") ?? "");
      return takesGzip
        ? c.body(packed, 200, { ...headers, "Content-Encoding": "gzip" })
        : c.body(plain, 200, headers);
    });
}

type Script = { plain: Uint8Array<ArrayBuffer>; packed: Uint8Array<ArrayBuffer>; tag: string };

async function loadScript(): Promise<Script> {
  const path = join(process.cwd(), scriptFile);
  const bytes = await readFile(path);
  const { mtimeMs, size } = await stat(path);
  return {
    plain: new Uint8Array(bytes),
    packed: new Uint8Array(await promisify(gzip)(bytes)),
    tag: `"${size.toString(36)}-${Math.round(mtimeMs).toString(36)}"`,
  };
}

/** Everything that would call on somebody else's server is off. */
const settings = {
  url: "/api/openapi.json",
  withDefaultFonts: false,
  telemetry: false,
  agent: { disabled: true },
  mcp: { disabled: true },
  hideClientButton: true,
  showDeveloperTools: "never",
  persistAuth: false,
};

function page(siteName: string, nonce: string): string {
  const title = siteName.replace(/[<&]/g, "");
  const json = JSON.stringify(settings).replaceAll("<", "\\u003c");
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${title} API</title>
</head>
<body>
<div id="app"></div>
<script nonce="${nonce}" src="${scriptPath}"></script>
<script nonce="${nonce}">Scalar.createApiReference("#app", ${json})</script>
</body>
</html>`;
}
