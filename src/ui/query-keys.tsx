/** The names under which answers of the API are kept in the browser; live changes refetch them by these. */
export const queryKeys = {
  announcements: ["announcements"],
  balance: ["balance"],
  entries: ["entries"],
  usage: ["usage"],
  runs: ["runs"],
  run: (id: string) => ["run", id],
  tools: ["tools"],
  keys: ["keys"],
  /** Everything of plan and payments. */
  billing: ["billing"],
  plan: ["billing", "plan"],
  invoices: ["billing", "invoices"],
  providers: ["providers"],
  /** A price for an input; add the tool and the input. */
  quote: ["quote"],
} as const;
