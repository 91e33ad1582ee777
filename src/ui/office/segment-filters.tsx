"use client";

import { useTranslations } from "next-intl";
import { DaysFilter, NumberFilter, SearchFilter, SelectFilter } from "#ui/data/filter-bar";
import { choices } from "./segment-filter";

/** The filters of the customers' list, for whatever is done to a segment of them. */
export function SegmentFilters() {
  const t = useTranslations("office.customers");
  const words = useTranslations("officeCustomers.list");
  const plans = useTranslations("pricing.plan");
  return (
    <>
      <SearchFilter name="q" label={t("search")} className="sm:w-88" />
      <SelectFilter
        name="plan"
        label={words("plan")}
        options={choices.plan.map((value) => ({ value, label: plans(value) }))}
      />
      <SelectFilter
        name="status"
        label={words("statusLabel")}
        options={choices.status.map((value) => ({ value, label: words(`status.${value}`) }))}
      />
      <SelectFilter
        name="flag"
        label={words("flagsLabel")}
        options={choices.flag.map((value) => ({ value, label: words(`flags.${value}`) }))}
      />
      <SelectFilter
        name="verified"
        label={t("verified")}
        options={[
          { value: "yes", label: t("verifiedYes") },
          { value: "no", label: t("verifiedNo") },
        ]}
      />
      <SelectFilter
        name="paid"
        label={words("paid")}
        options={[
          { value: "yes", label: words("paidYes") },
          { value: "no", label: words("paidNo") },
        ]}
      />
      <NumberFilter name="below" label={words("below")} />
      <DaysFilter from={t("from")} to={t("to")} />
    </>
  );
}
