import { expect, test } from "vitest";
import { messages } from "#i18n/messages";
import { factsOf, metricNames, metrics, tabs } from "./catalogue";

const titles = messages.en.officeAnalytics;
const words = messages.en.officeMetrics;

/** docs/metrics.md: `npx vitest run src/analytics/words.test.ts -u` writes it. */
function metricsPage(): string {
  const sections = tabs.flatMap((tab) => {
    const own = metricNames.filter((name) => metrics[name].tab === tab);
    return own.length === 0
      ? []
      : [
          `## ${titles.tab[tab]}`,
          ...own.map((name) => {
            const { title, definition, formula } = words[name];
            const { filters } = factsOf(name);
            return [
              `### ${title}`,
              definition,
              `*Formula:* ${formula}`,
              `*Filters:* ${filters.length === 0 ? "none" : filters.join(", ")}. \`GET /api/v1/admin/analytics/${name}\``,
            ].join("\n\n");
          }),
        ];
  });
  return `${["# Metrics", introduction, ...sections].join("\n\n")}\n`;
}

const introduction = `What each figure of [Analytics](back-office.md#analytics) says and how it is reckoned. The same words stand beside its chart: both come from \`src/i18n/en/officeMetrics.json\`.

Days, weeks (from Monday) and months are those of \`TIME_ZONE\`. A sum adds its days; a level is as the last of them stood; a rate divides what all of them come to. A period that is not over, or whose figure may still change, is dashed. A rate with fewer than 20 cases is chance, and its chart says so.`;

test("docs/metrics.md tells every metric in the words that stand beside its chart", async () => {
  expect(Object.keys(words).toSorted()).toEqual(metricNames.toSorted());
  await expect(metricsPage()).toMatchFileSnapshot("../../docs/metrics.md");
});
