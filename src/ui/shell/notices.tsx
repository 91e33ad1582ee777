import { FlaskConical } from "lucide-react";
import Link from "next/link";
import { getTranslations } from "next-intl/server";
import { hasOwner } from "#identity";
import { config } from "#platform/config";
import { pageSession } from "./session";

/**
 * The lines above every page: development, no owner yet, mail not confirmed. Server-rendered, so that they
 * do not shift the page.
 */
export async function Notices() {
  const { production } = config();
  const session = await pageSession();
  // In production a passer-by need not know that the site has no owner.
  const ownerMissing = (!production || session !== null) && !(await hasOwner());
  return (
    <>
      {!production && <DevelopmentBar />}
      {ownerMissing && <OwnerMissing email={session?.user.email ?? "you@example.com"} />}
      {session && !session.user.emailVerified && <Unverified email={session.user.email} />}
    </>
  );
}

/** Striped, on every page of a development site. */
async function DevelopmentBar() {
  const t = await getTranslations("shell");
  return (
    <div className="development-stripes border-b border-line text-12 text-hold">
      <div className="mx-auto flex min-h-7 flex-wrap items-center gap-x-4 px-4 py-1 md:px-6">
        <span className="inline-flex items-center gap-1.5 font-semibold">
          <FlaskConical aria-hidden="true" className="size-3.5" strokeWidth={2} />
          {t("development")}
        </span>
        <span className="hidden md:inline">{t("developmentText")}</span>
        <span className="ml-auto flex gap-4 font-medium [&_a]:underline [&_a]:underline-offset-2">
          <a href="/dev/mailbox">{t("mailbox")}</a>
          <a href="/dev/stripe">{t("paymentsSandbox")}</a>
          <a href="/dev/ui">{t("components")}</a>
          <a href="/api/docs">API</a>
        </span>
      </div>
    </div>
  );
}

async function OwnerMissing({ email }: { email: string }) {
  const t = await getTranslations("shell");
  return (
    <div className="border-b border-line bg-surface text-13 text-text-2">
      <div className="mx-auto flex flex-wrap items-center gap-x-3 gap-y-1 px-4 py-1.5 md:px-6">
        {t("noOwner")}
        <code className="rounded-control border border-line bg-sunken px-1.5 py-0.5 font-mono text-12 break-all text-text">
          npm run ops -- owner {email}
        </code>
      </div>
    </div>
  );
}

async function Unverified({ email }: { email: string }) {
  const t = await getTranslations("shell");
  return (
    <div className="border-b border-line bg-surface text-13 text-text">
      <div className="mx-auto flex flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2 md:px-6">
        <span>{t("unverified", { email })}</span>
        <Link href="/verify" className="font-medium underline underline-offset-3">
          {t("unverifiedAction")}
        </Link>
      </div>
    </div>
  );
}
