import type { PlanId } from "#billing/catalogue";
import type { FormField } from "#tools";
import type { RunInput } from "#ui/runs/run";
import type { UnitPrices } from "#ui/tool-price";

/** What the browser knows of a tool: plain data in the reader's language. */
export type ToolView = {
  slug: string;
  icon: string;
  name: string;
  description: string;
  takes: string;
  gives: string;
  streaming: boolean;
  fixedPrice: boolean;
  continues: boolean;
  fields: readonly FormField[];
  examples: readonly { title: string; input: RunInput; samples: readonly string[] }[];
  price: UnitPrices | null;
  medianSeconds: number | null;
  timeoutSeconds: number;
  /** The setting without which it does not run. */
  missing: string | null;
  /** Switched off: no new run begins. */
  off: boolean;
  /** The smallest plan that may run it, where the reader's is smaller. */
  planNeeded: PlanId | null;
  /** The tool as its draft says, for a test by staff. */
  trial: boolean;
  /** Visitors may try it without an account. */
  tryable: boolean;
};

/** Who looks at the page; null for a visitor. */
export type Viewer = { email: string; verified: boolean } | null;

/** What the site says around a tool. */
export type SiteFacts = {
  name: string;
  baseUrl: string;
  /** How its API keys begin. */
  keyPrefix: string;
  retentionDays: number;
  /** Whether credits can be bought. */
  sells: boolean;
  /** Where customers write to. */
  contact: string;
  production: boolean;
};
