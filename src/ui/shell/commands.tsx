import { getLocale } from "next-intl/server";
import { listOffered } from "#tools";
import { CommandPalette } from "#ui/command/palette";
import { Shortcuts } from "#ui/command/shortcuts";
import { openOfficePages } from "#ui/office/session";

/** The palette and the single keys, with the tools in the reader's language, and the office's pages for staff. */
export async function Commands() {
  const locale = await getLocale();
  const tools = (await listOffered()).map(({ slug, texts }) => ({
    slug,
    name: texts[locale].name,
    summary: texts[locale].summary,
  }));
  return (
    <>
      <CommandPalette tools={tools} office={await openOfficePages()} />
      <Shortcuts />
    </>
  );
}
