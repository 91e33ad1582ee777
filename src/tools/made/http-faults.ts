import { config } from "#platform/config";
import type { Locale } from "#tools/form";
import type { MadeDefinition } from "./definition";
import type { Fault } from "./faults";
import { faultOfUrl } from "./http-address";

/** What keeps this site from asking a tool's server, in the words of one language: `faultsOf` knows no settings. */
export function addressFaults({ work }: MadeDefinition, locale: Locale): Fault[] {
  const fault = work.kind === "http" ? faultOfUrl(work.url, config().HTTP_TOOLS_PRIVATE) : null;
  return fault ? [{ path: "work.url", message: fault[locale] }] : [];
}
