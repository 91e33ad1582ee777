"use client";

import { useQuery } from "@tanstack/react-query";
import { FileText, ImageOff } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { type ReactNode, useState } from "react";
import { api } from "#ui/api";
import { Button } from "#ui/primitives/button";
import { Card, CardBody, CardHeader } from "#ui/primitives/card";
import { Skeleton } from "#ui/primitives/skeleton";
import { queryKeys } from "#ui/query-keys";
import type { Run, RunOutput } from "#ui/runs/run";
import type { NamedTool } from "#ui/runs/run-table";
import { QueryState } from "#ui/state/query-state";
import { Empty, useMinute } from "#ui/state/states";
import { ToolIcon } from "#ui/tool-icon";
import { useFormat } from "#ui/use-format";
import { recentRunsQuery } from "./runs-query";

/** The latest results with a look at each: pictures as pictures, texts by their first words. */
export function RecentWidget({ tools }: { tools: readonly NamedTool[] }) {
  const t = useTranslations("dashboard.recent");
  const query = useQuery(recentRunsQuery());
  return (
    <Card aria-labelledby="recent-title">
      <CardHeader
        id="recent-title"
        title={t("title")}
        action={
          <Link
            href="/runs"
            className="text-13 font-medium text-text-2 underline-offset-3 hover:text-text hover:underline"
          >
            {t("all")}
          </Link>
        }
      />
      <QueryState query={query} failure={t("failure")} skeleton={<RecentSkeleton />}>
        {({ data }) =>
          data.length === 0 ? (
            <NoResults />
          ) : (
            <CardBody>
              <ul className="grid grid-cols-2 gap-3 md:grid-cols-3">
                {data.map((run) => (
                  <li key={run.id} className="min-w-0">
                    <Result run={run} tool={tools.find(({ slug }) => slug === run.tool)} />
                  </li>
                ))}
              </ul>
            </CardBody>
          )
        }
      </QueryState>
    </Card>
  );
}

function Result({ run, tool }: { run: Run; tool: NamedTool | undefined }) {
  const format = useFormat();
  const now = useMinute();
  const at = run.endedAt ?? run.createdAt;
  return (
    <Link
      href={`/runs/${run.id}`}
      className="grid grid-cols-1 overflow-hidden rounded-field border border-line transition-colors duration-120 hover:border-line-strong"
    >
      <span className="block h-28 overflow-hidden border-b border-line bg-sunken">
        <Look run={run} />
      </span>
      <span className="grid grid-cols-1 gap-0.5 px-3 py-2">
        <span className="flex items-center gap-2 text-13 font-medium text-text">
          <ToolIcon name={tool?.icon ?? ""} className="size-4 text-text-3" />
          <span className="min-w-0 truncate">{tool?.name ?? run.tool}</span>
        </span>
        <span className="num truncate text-12 text-text-3">
          {now ? format.relative(at, now) : format.dateTime(at)} · {format.credits(run.charged)}
        </span>
      </span>
    </Link>
  );
}

/** A look at what a run made. */
function Look({ run }: { run: Run }) {
  const t = useTranslations("dashboard.recent");
  const [broken, setBroken] = useState(false);
  if (run.purged) return <Sign icon={<ImageOff strokeWidth={1.5} />} text={t("purged")} />;
  const picture = run.outputs.find(isPicture);
  if (picture && !broken) {
    return (
      // biome-ignore lint/performance/noImgElement: private files behind the session; nothing may optimise them
      <img
        src={`${picture.url}?inline=1`}
        alt=""
        loading="lazy"
        onError={() => setBroken(true)}
        className="checkerboard size-full object-cover"
      />
    );
  }
  return <TextLook run={run} />;
}

/** The first words of a text, which the list leaves out; a file's name where there are none. */
function TextLook({ run }: { run: Run }) {
  const [first] = run.outputs;
  const { data } = useQuery({
    queryKey: queryKeys.run(run.id),
    queryFn: ({ signal }) => api.get<Run>(`/runs/${run.id}`, { signal }),
    enabled: first?.mediaType.startsWith("text/") ?? false,
  });
  const text = data?.outputs[0]?.text ?? data?.text;
  if (!text) return <Sign icon={<FileText strokeWidth={1.5} />} text={first?.name ?? ""} />;
  return (
    <span
      lang=""
      className="line-clamp-5 block px-3 py-2 text-12 break-words whitespace-pre-line text-text-2"
    >
      {text.slice(0, 400).trim()}
    </span>
  );
}

function Sign({ icon, text }: { icon: ReactNode; text: string }) {
  return (
    <span className="grid size-full place-content-center justify-items-center gap-1.5 px-3 text-text-3 [&_svg]:size-6">
      {icon}
      <span className="line-clamp-2 max-w-full text-center text-12 break-all">{text}</span>
    </span>
  );
}

function isPicture({ mediaType }: RunOutput): boolean {
  return /^image\/(png|jpeg|webp|avif|gif)$/.test(mediaType);
}

function NoResults() {
  const t = useTranslations("dashboard.recent");
  return (
    <Empty
      className="py-8"
      title={t("empty")}
      text={t("emptyText")}
      action={
        <Button asChild size="sm" variant="secondary">
          <Link href="/tools">{t("choose")}</Link>
        </Button>
      }
    />
  );
}

function RecentSkeleton() {
  return (
    <CardBody>
      <div className="grid grid-cols-2 gap-3 md:grid-cols-3">
        <Skeleton className="h-41 w-full rounded-field" />
        <Skeleton className="h-41 w-full rounded-field" />
        <Skeleton className="h-41 w-full rounded-field max-md:hidden" />
      </div>
    </CardBody>
  );
}
