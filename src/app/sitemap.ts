import type { MetadataRoute } from "next";
import { config } from "#platform/config";
import { listOffered } from "#tools";

/** Every page that anybody may read, in both languages. */
export default async function sitemap(): Promise<MetadataRoute.Sitemap> {
  const { baseUrl } = config();
  const tools = (await listOffered()).map(({ slug }) => `/tools/${slug}`);
  const paths = ["/", "/pricing", "/tools", ...tools, "/docs", "/terms", "/privacy", "/refunds", "/status"];
  return paths.flatMap((path) => {
    const english = `${baseUrl}${path === "/" ? "" : path}`;
    const chinese = `${baseUrl}/zh${path === "/" ? "" : path}`;
    const alternates = { languages: { en: english, "zh-Hans": chinese } };
    return [
      { url: english, alternates },
      { url: chinese, alternates },
    ];
  });
}

export const dynamic = "force-dynamic";
