import { config } from "#platform/config";
import { listOffered } from "#tools";
import { readGuide } from "#ui/docs/guide";
import { markdownOf } from "#ui/docs/markdown";

/** What a language model should know of the site (llmstxt.org): where things stand, then the API's guide. */
export async function GET(): Promise<Response> {
  const { SITE_NAME, baseUrl } = config();
  const tools = (await listOffered()).map(
    ({ slug, texts }) => `- [${texts.en.name}](${baseUrl}/tools/${slug}): ${texts.en.summary}`,
  );
  const text = [
    `# ${SITE_NAME}`,
    "> AI tools that charge by credits. Prices stand on the button; failed runs cost nothing.",
    "## Pages",
    [
      `- [API guide](${baseUrl}/docs)`,
      `- [OpenAPI 3.1](${baseUrl}/api/openapi.json): every route, its fields and errors`,
      `- [API reference](${baseUrl}/api/docs)`,
      `- [Pricing](${baseUrl}/pricing)`,
    ].join("\n"),
    "## Tools",
    tools.join("\n"),
    markdownOf(await readGuide(null), 2),
  ].join("\n\n");
  return new Response(text, { headers: { "Content-Type": "text/plain; charset=utf-8" } });
}
