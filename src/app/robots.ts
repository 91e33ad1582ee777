import type { MetadataRoute } from "next";
import { config } from "#platform/config";

/** A development site asks not to be listed at all; private pages also say so by a header. */
export default function robots(): MetadataRoute.Robots {
  const { baseUrl, production } = config();
  if (!production) return { rules: { userAgent: "*", disallow: "/" } };
  return {
    rules: {
      userAgent: "*",
      allow: "/",
      disallow: ["/api/", "/account", "/credits", "/dashboard", "/dev/", "/keys", "/runs"],
    },
    sitemap: `${baseUrl}/sitemap.xml`,
  };
}

export const dynamic = "force-dynamic";
