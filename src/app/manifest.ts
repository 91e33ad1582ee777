import type { MetadataRoute } from "next";
import { config } from "#platform/config";

export default function manifest(): MetadataRoute.Manifest {
  const { SITE_NAME } = config();
  return {
    name: SITE_NAME,
    short_name: SITE_NAME,
    start_url: "/dashboard",
    display: "standalone",
    background_color: "#f9fbfa",
    theme_color: "#f9fbfa",
    icons: [{ src: "/icon.svg", sizes: "any", type: "image/svg+xml" }],
  };
}

export const dynamic = "force-dynamic";
