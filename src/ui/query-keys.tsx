/** The names under which answers of the API are kept in the browser; live changes refetch them by these. */
export const queryKeys = {
  balance: ["balance"],
  entries: ["entries"],
  usage: ["usage"],
  runs: ["runs"],
  run: (id: string) => ["run", id],
  tools: ["tools"],
  keys: ["keys"],
  billing: ["billing"],
  /** A price for an input; add the tool and the input. */
  quote: ["quote"],
} as const;
