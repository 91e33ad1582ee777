"use client";

import { CircleAlert, CirclePause, Lock } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import type { PlanId } from "#billing/catalogue";
import { waitOf } from "#format";
import type { Problem } from "#ui/api";
import { CopyButton } from "#ui/primitives/copy-button";
import { useProblemText } from "#ui/problem-text";
import { useCountdown } from "#ui/runs/use-countdown";
import type { Quote } from "#ui/runs/use-quote";
import { NotConfigured } from "#ui/state/states";
import { TooFew } from "./too-few";
import type { SiteFacts, ToolView, Viewer } from "./tool-view";
import type { ToolInput } from "./use-tool-input";
import { VerifyNotice } from "./verify-notice";

type StartProblemProps = {
  tool: ToolView;
  viewer: Viewer;
  site: SiteFacts;
  form: ToolInput;
  /** What the last quote or start was refused with. */
  problem: Problem | null;
  quote: Quote | null;
};

/** What stands between this input and a run, and the way on; nothing when nothing does. */
export function StartProblem({ tool, viewer, site, form, problem, quote }: StartProblemProps) {
  if (tool.off) return <ToolOff />;
  if (tool.planNeeded) return <PlanNeeded slug={tool.slug} plan={tool.planNeeded} />;
  if (tool.missing) return <NotConfigured missing={tool.missing} />;
  if (viewer && !viewer.verified) return <VerifyNotice email={viewer.email} production={site.production} />;
  const lacking = shortOf(quote, problem);
  if (lacking) return <TooFew slug={tool.slug} {...lacking} quote={quote} site={site} form={form} />;
  return problem && <Refused problem={problem} />;
}

/** The operator has switched the tool off. */
function ToolOff() {
  const t = useTranslations("tools.off");
  return (
    <Closed icon={<CirclePause aria-hidden="true" className="mt-0.5 size-4 shrink-0" strokeWidth={1.75} />}>
      <span className="font-medium text-text">{t("title")}</span> {t("text")}
    </Closed>
  );
}

/** The tool is for larger plans. */
function PlanNeeded({ slug, plan }: { slug: string; plan: PlanId }) {
  const t = useTranslations("tools.planNeeded");
  const plans = useTranslations("pricing.plan");
  const from = encodeURIComponent(`/tools/${slug}`);
  return (
    <Closed icon={<Lock aria-hidden="true" className="mt-0.5 size-4 shrink-0" strokeWidth={1.75} />}>
      <span className="font-medium text-text">{t("title", { plan: plans(plan) })}</span>{" "}
      <Link href={`/pricing?from=${from}`} className="font-medium text-text underline underline-offset-3">
        {t("plans")}
      </Link>
    </Closed>
  );
}

function Closed({ icon, children }: { icon: ReactNode; children: ReactNode }) {
  return (
    <div
      role="status"
      data-testid="tool-closed"
      className="flex items-start gap-2.5 rounded-field border border-line bg-sunken px-3.5 py-3 text-13 text-text-2"
    >
      {icon}
      <p>{children}</p>
    </div>
  );
}

/** The fields say what is wrong with them; signing in has its own dialog. */
const toldElsewhere = new Set(["invalid_request", "unauthenticated"]);

function Refused({ problem }: { problem: Problem }) {
  const t = useTranslations("tools.run");
  const problemText = useProblemText();
  const seconds = useCountdown(problem.code === "rate_limited" ? problem.retryAfter : null);
  if (toldElsewhere.has(problem.code)) return null;
  if (problem.code === "network") return <Notice>{t("retrying")}</Notice>;
  if (problem.code === "busy") return <Notice>{t("busy")}</Notice>;
  if (problem.code === "rate_limited") {
    return seconds > 0 ? <Notice>{t("rateLimited", waitOf(seconds))}</Notice> : null;
  }
  return (
    <Notice>
      {problemText(problem)}
      {problem.requestId && (
        <span className="flex items-center gap-1 text-12 text-text-3">
          <code className="truncate font-mono">{problem.requestId}</code>
          <CopyButton text={problem.requestId} label={problem.requestId} />
        </span>
      )}
    </Notice>
  );
}

function Notice({ children }: { children: ReactNode }) {
  return (
    <div
      role="alert"
      data-testid="start-problem"
      className="flex items-start gap-2.5 rounded-field bg-danger-soft px-3.5 py-3 text-13 text-text"
    >
      <CircleAlert aria-hidden="true" className="mt-0.5 size-4 shrink-0 text-danger" strokeWidth={1.75} />
      <div className="min-w-0">{children}</div>
    </div>
  );
}

/** Need and have of the present setting: the quote knows, or the refusal said so. */
export function shortOf(quote: Quote | null, problem: Problem | null): { need: number; have: number } | null {
  if (quote && quote.available !== null) {
    return quote.short > 0 ? { need: quote.credits, have: quote.available } : null;
  }
  if (problem?.code !== "insufficient_credits") return null;
  return { need: problem.number("need") ?? 0, have: problem.number("have") ?? 0 };
}
