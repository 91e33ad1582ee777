import { notFound } from "next/navigation";
import type { ReactNode } from "react";
import { config } from "#platform/config";

/** The development pages do not exist in production. */
export default function DevelopmentLayout({ children }: { children: ReactNode }) {
  if (config().production) notFound();
  return children;
}
