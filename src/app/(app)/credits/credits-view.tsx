"use client";

import { useTranslations } from "next-intl";
import { parseAsString, parseAsStringLiteral, useQueryState } from "nuqs";
import type { ToolName } from "#ui/credits/words";
import { Tab, TabList, TabPanel, Tabs } from "#ui/primitives/tabs";
import { BalanceStrip } from "./balance-strip";
import { Entries } from "./entries";
import { tabs } from "./filter";
import { Lots } from "./lots";
import { Redeem } from "./redeem";
import { TraceSheet } from "./trace-sheet";

type CreditsViewProps = { tools: readonly ToolName[]; verified: boolean };

/** The balance with its explanation, and under it the entries or the lots; the tab and the open trace stand in the URL. */
export function CreditsView({ tools, verified }: CreditsViewProps) {
  const t = useTranslations("credits.tabs");
  const [tab, setTab] = useQueryState(
    "tab",
    parseAsStringLiteral(tabs).withDefault("entries").withOptions({ history: "push" }),
  );
  const [trace, setTrace] = useQueryState("trace", parseAsString.withOptions({ history: "push" }));
  const onTrace = (of: string) => void setTrace(of);
  return (
    <div className="grid gap-6">
      <BalanceStrip />
      <Tabs value={tab} onValueChange={(value) => setTab(tabs.find((known) => known === value) ?? "entries")}>
        <TabList>
          <Tab value="entries">{t("entries")}</Tab>
          <Tab value="lots">{t("lots")}</Tab>
        </TabList>
        <TabPanel value="entries">
          <Entries tools={tools} verified={verified} onTrace={onTrace} />
        </TabPanel>
        <TabPanel value="lots">
          <Lots onTrace={onTrace} />
        </TabPanel>
      </Tabs>
      <TraceSheet of={trace} tools={tools} onClose={() => void setTrace(null)} />
      <Redeem />
    </div>
  );
}
