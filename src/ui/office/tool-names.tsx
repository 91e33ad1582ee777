import { getLocale } from "next-intl/server";
import { listTools } from "#tools";

export type ToolNames = readonly { slug: string; name: string }[];

/** What the tools are called in the reader's language. */
export async function toolNames(): Promise<ToolNames> {
  const locale = await getLocale();
  return (await listTools()).map(({ slug, texts }) => ({ slug, name: texts[locale].name }));
}
