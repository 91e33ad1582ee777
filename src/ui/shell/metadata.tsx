import type { Metadata } from "next";
import { getLocale } from "next-intl/server";
import { config } from "#platform/config";

type PageWords = {
  /** The page's path without a language. */
  path: string;
  title: string;
  description: string;
  /** The title stands alone, without the site's name behind it. */
  whole?: boolean;
};

/** Title, description, Open Graph and the addresses of both languages, for a public page. */
export async function pageMetadata({
  path,
  title,
  description,
  whole = false,
}: PageWords): Promise<Metadata> {
  const locale = await getLocale();
  const { SITE_NAME } = config();
  const chinese = path === "/" ? "/zh" : `/zh${path}`;
  const full = whole ? `${SITE_NAME} · ${title}` : title;
  return {
    title: whole ? { absolute: full } : title,
    description,
    alternates: {
      canonical: locale === "zh" ? chinese : path,
      languages: { en: path, "zh-Hans": chinese, "x-default": path },
    },
    openGraph: {
      type: "website",
      siteName: SITE_NAME,
      title: full,
      description,
      url: locale === "zh" ? chinese : path,
      locale: locale === "zh" ? "zh_CN" : "en_US",
    },
    twitter: { card: "summary_large_image" },
  };
}
