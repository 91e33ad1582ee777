/** What a revision may change, in the order of the form; types of `#tools` hold these lists to it. */

import type { LimitName, RateName } from "#tools";

export const rateNames = [
  "run",
  "files",
  "images",
  "pages",
  "documents",
  "megapixels",
  "inputTokens",
  "outputTokens",
  "minimum",
  "maximum",
  "maximumPerFile",
] as const satisfies readonly RateName[];

export const limitNames = [
  "timeoutSeconds",
  "maxBytes",
  "maxCount",
  "maxPixels",
  "maxPages",
] as const satisfies readonly LimitName[];

export const wordNames = ["name", "summary", "description", "takes", "gives"] as const;
export const locales = ["en", "zh"] as const;
export const categories = ["documents", "images", "text"] as const;
