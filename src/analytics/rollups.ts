import { creditDays } from "./credit-rollups";
import { marginDays, marginMonths } from "./margin-rollups";
import { mrrDays, mrrMonths, paymentDays, trialDays } from "./money-rollups";
import { funnelDays, toolDays, usageDays } from "./product-rollups";
import type { Rollup } from "./rollup";
import { responseDays, waitDays } from "./technical-rollups";
import { accountDays, activeDays, cohortPeriods, registrationDays } from "./user-rollups";

/** Every roll-up, in the order in which they are made: one may read those before it. */
export const rollups: readonly Rollup[] = [
  ...[registrationDays, accountDays, activeDays, cohortPeriods],
  ...[mrrDays, mrrMonths, trialDays, paymentDays],
  ...[toolDays, funnelDays, usageDays],
  ...[responseDays, waitDays, creditDays, marginDays, marginMonths],
];
