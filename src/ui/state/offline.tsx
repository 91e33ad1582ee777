"use client";

import { useOnline } from "#ui/live";
import { OfflineNotice } from "./states";

/** Shows itself while the browser has no network. */
export function OfflineBanner() {
  return useOnline() ? null : <OfflineNotice />;
}
