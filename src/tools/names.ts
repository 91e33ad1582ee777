/**
 * The names by which tools are priced, limited, described and sorted, and by which they fail: one list each, for
 * the server and for pages. Pure; safe in a browser.
 */

/** What a tool may count. */
export const unitNames = [
  "run",
  "files",
  "images",
  "pages",
  "documents",
  "megapixels",
  "seconds",
  "characters",
  "inputTokens",
  "outputTokens",
] as const;
export type UnitName = (typeof unitNames)[number];

/** These are priced by the thousand, everything else by the piece. */
export const byThousand = ["characters", "inputTokens", "outputTokens"] as const satisfies UnitName[];

/** What a run costs at least and at most; `maximumPerFile` is multiplied by the unit `files`. */
export const boundNames = ["minimum", "maximum", "maximumPerFile"] as const;

export const rateNames = [...unitNames, ...boundNames] as const;
export type RateName = (typeof rateNames)[number];

/** What may be lowered for a tool, below what its code allows. */
export const limitNames = ["timeoutSeconds", "maxBytes", "maxCount", "maxPixels", "maxPages"] as const;
export type LimitName = (typeof limitNames)[number];

/** What is said of a tool in each language. */
export const wordNames = ["name", "summary", "description", "takes", "gives"] as const;

/** What a field of a made tool may be. */
export const fieldControls = ["text", "longText", "choice", "number", "switch", "image", "file"] as const;

/** Who does a made tool's work: a model, or a server of the operator's. */
export const workKinds = ["prompt", "http"] as const;

/** What comes out of a made tool that asks a model, and how large its images are. */
export const outputKinds = ["text", "markdown", "table", "image"] as const;
export const imageSizes = ["256x256", "512x512", "1024x1024", "1024x1536", "1536x1024"] as const;

/** The icons a tool may have, in lucide's kebab-case. */
export const toolIcons = [
  "sparkles",
  "pen-line",
  "pen-tool",
  "message-square-text",
  "text-quote",
  "languages",
  "file-text",
  "file-down",
  "file-type",
  "scan-text",
  "table",
  "image",
  "image-down",
  "image-upscale",
  "crop",
  "scaling",
  "scissors",
  "eraser",
  "audio-lines",
  "captions",
  "code",
  "lightbulb",
  "mail",
  "megaphone",
  "graduation-cap",
  "search",
  "list-checks",
  "calculator",
  "wrench",
] as const;
export type ToolIconName = (typeof toolIcons)[number];

export const toolCategories = ["documents", "images", "text"] as const;
export type ToolCategory = (typeof toolCategories)[number];

/** Faults of what was given: a run of the same fails again. */
export const inputFaultCodes = [
  "file_unsupported",
  "file_corrupt",
  "file_encrypted",
  "too_large",
  "too_many_pixels",
  "too_many_pages",
  "unpacks_too_large",
  "nothing_found",
  "model_too_large",
  "tool_refused",
  "content_refused",
] as const;

/** Faults on our side, or of servers that we ask. */
export const ownFaultCodes = [
  "timed_out",
  "out_of_memory",
  "crashed",
  "not_configured",
  "model_unavailable",
  "model_broke_off",
  "tool_unavailable",
  "tool_bad_answer",
] as const;

/** Every reason for which a tool fails; texts in i18n `toolErrors`. */
export const toolErrorCodes = [
  ...inputFaultCodes,
  ...ownFaultCodes,
  "model_refused",
  "model_empty",
  "model_malformed",
] as const;
export type ToolErrorCode = (typeof toolErrorCodes)[number];
