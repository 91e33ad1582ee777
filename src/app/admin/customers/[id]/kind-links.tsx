"use client";

import Link from "next/link";
import { useTranslations } from "next-intl";
import type { HappeningKind } from "#insight";
import { kinds } from "./timeline-kind";

type KindLinksProps = { customerId: string; shown: HappeningKind | undefined };

/** All of the timeline, or one kind of what happened. */
export function KindLinks({ customerId, shown }: KindLinksProps) {
  const t = useTranslations("officeCustomers.timeline");
  return (
    <nav
      aria-label={t("kinds")}
      className="flex gap-1 overflow-x-auto border-b border-line px-3 py-2 *:shrink-0"
    >
      {[undefined, ...kinds].map((kind) => (
        <Link
          key={kind ?? "all"}
          href={`/admin/customers/${customerId}${kind ? `?kind=${kind}` : ""}`}
          scroll={false}
          aria-current={kind === shown ? "page" : undefined}
          className="inline-flex h-7 items-center rounded-control px-2.5 text-13 text-text-2 transition-colors duration-120 hover:bg-hover hover:text-text aria-[current=page]:bg-hover aria-[current=page]:font-medium aria-[current=page]:text-text pointer-coarse:h-10"
        >
          {t(`kind.${kind ?? "all"}`)}
        </Link>
      ))}
    </nav>
  );
}
