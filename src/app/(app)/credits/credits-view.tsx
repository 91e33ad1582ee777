"use client";

import { useTranslations } from "next-intl";
import { parseAsStringLiteral, useQueryState } from "nuqs";
import { Tab, TabList, TabPanel, Tabs } from "#ui/primitives/tabs";
import { BalanceStrip } from "./balance-strip";
import { Entries } from "./entries";
import { tabs } from "./filter";
import { Lots } from "./lots";
import type { ToolName } from "./words";

type CreditsViewProps = { tools: readonly ToolName[]; verified: boolean };

/** The balance with its explanation, and under it the entries or the lots; the tab stands in the URL. */
export function CreditsView({ tools, verified }: CreditsViewProps) {
  const t = useTranslations("credits.tabs");
  const [tab, setTab] = useQueryState(
    "tab",
    parseAsStringLiteral(tabs).withDefault("entries").withOptions({ history: "push" }),
  );
  return (
    <div className="grid gap-6">
      <BalanceStrip />
      <Tabs value={tab} onValueChange={(value) => setTab(tabs.find((known) => known === value) ?? "entries")}>
        <TabList>
          <Tab value="entries">{t("entries")}</Tab>
          <Tab value="lots">{t("lots")}</Tab>
        </TabList>
        <TabPanel value="entries">
          <Entries tools={tools} verified={verified} />
        </TabPanel>
        <TabPanel value="lots">
          <Lots />
        </TabPanel>
      </Tabs>
    </div>
  );
}
