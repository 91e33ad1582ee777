import type { Rollup } from "./rollup";
import { registrationDays } from "./user-rollups";

/** Every roll-up, in the order in which they are made: one may read those before it. */
export const rollups: readonly Rollup[] = [registrationDays];
