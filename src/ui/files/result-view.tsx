"use client";

import { Download, FileDown, Maximize, ZoomIn, ZoomOut } from "lucide-react";
import { useTranslations } from "next-intl";
import { lazy, Suspense, useState } from "react";
import { cn } from "#cn";
import { Button } from "#ui/primitives/button";
import { CopyButton } from "#ui/primitives/copy-button";
import { IconButton } from "#ui/primitives/icon-button";
import { Skeleton } from "#ui/primitives/skeleton";
import { Segmented } from "#ui/primitives/tabs";
import { useFormat } from "#ui/use-format";
import { CompareSlider } from "./compare-slider";
import { type CsvColumn, CsvTable } from "./csv-table";
import { typeLabel } from "./media-types";

const Markdown = lazy(() => import("./markdown"));

/** A result as a run's JSON carries it. `text` is there for texts. */
export type ResultOutput = {
  position: number;
  name: string;
  mediaType: string;
  bytes: number;
  width: number | null;
  height: number | null;
  url: string;
  text?: string | null;
};

type ResultViewProps = {
  output: ResultOutput;
  /** The picture it was made of: both are shown with a slider. */
  before?: { url: string; name: string } | undefined;
  /** What a table's columns are called. */
  columns?: readonly CsvColumn[] | null;
  /** Text that still grows. */
  live?: boolean;
  className?: string;
};

/** One result in the way that suits its type, with copy and download. */
export function ResultView({ output, before, columns = null, live = false, className }: ResultViewProps) {
  return (
    <figure className={cn("grid gap-3", className)}>
      <Body output={output} before={before} columns={columns} live={live} />
      <figcaption className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <span className="min-w-0 grow">
          <span className="block truncate text-14 font-medium text-text">{output.name}</span>
          <Measures output={output} />
        </span>
        <Actions output={output} />
      </figcaption>
    </figure>
  );
}

function Body({
  output,
  before,
  columns,
  live,
}: {
  output: ResultOutput;
  before: ResultViewProps["before"];
  columns: readonly CsvColumn[] | null;
  live: boolean;
}) {
  const t = useTranslations("common.files");
  const { mediaType, text } = output;
  if (mediaType.startsWith("image/")) return <Picture output={output} before={before} />;
  if (typeof text === "string") {
    if (mediaType === "text/markdown") return <MarkdownText text={text} live={live} />;
    if (mediaType === "text/csv") return <CsvTable text={text} columns={columns ?? []} />;
    return <PlainText text={text} />;
  }
  return (
    <div className="grid justify-items-center gap-2 rounded-card border border-line bg-sunken px-6 py-12 text-center">
      <FileDown aria-hidden="true" className="size-6 text-text-3" strokeWidth={1.75} />
      <p className="text-13 text-text-2">{t("noPreview")}</p>
    </div>
  );
}

function Measures({ output }: { output: ResultOutput }) {
  const t = useTranslations("common.files");
  const format = useFormat();
  const { width, height } = output;
  const facts = [
    typeLabel(output.mediaType),
    width && height ? t("pixels", { width, height }) : null,
    format.bytes(output.bytes),
  ];
  return <span className="num text-13 text-text-3">{facts.filter((fact) => fact !== null).join(" · ")}</span>;
}

function Actions({ output }: { output: ResultOutput }) {
  const t = useTranslations("common");
  return (
    <span className="flex flex-wrap gap-2">
      {typeof output.text === "string" && <CopyButton wide text={output.text} label={t("copy")} />}
      <Button asChild variant="secondary">
        <a href={output.url} download={output.name}>
          <Download strokeWidth={1.75} />
          {t("download")}
        </a>
      </Button>
    </span>
  );
}

const zooms = [1, 1.5, 2, 3, 4] as const;

function Picture({ output, before }: { output: ResultOutput; before: ResultViewProps["before"] }) {
  const t = useTranslations("common");
  const [zoom, setZoom] = useState<number>(0);
  const factor = zooms[zoom] ?? 1;
  const url = inlineUrl(output.url);
  const { width, height } = output;
  if (before && width && height) {
    return (
      <CompareSlider
        before={{ src: before.url, alt: before.name }}
        after={{ src: url, alt: output.name }}
        width={width}
        height={height}
        checkered
        className="max-h-[70vh]"
      />
    );
  }
  return (
    <div className="relative overflow-hidden rounded-card border border-line">
      <div className="checkerboard grid max-h-[70vh] min-h-40 overflow-auto">
        {/* biome-ignore lint/performance/noImgElement: results are private and already of their size */}
        <img
          src={url}
          alt={output.name}
          {...(width && height && { width, height })}
          className={cn(
            "m-auto",
            factor === 1 ? "max-h-[70vh] w-auto max-w-full object-contain" : "max-w-none",
          )}
          style={factor === 1 ? undefined : { width: `${factor * 100}%`, height: "auto" }}
        />
      </div>
      <span className="absolute right-2 bottom-2 flex rounded-field border border-line bg-surface">
        <IconButton
          size="sm"
          label={t("zoomOut")}
          icon={<ZoomOut strokeWidth={1.75} />}
          disabled={zoom === 0}
          onClick={() => setZoom(zoom - 1)}
        />
        <IconButton
          size="sm"
          label={t("zoomFit")}
          icon={<Maximize strokeWidth={1.75} />}
          disabled={zoom === 0}
          onClick={() => setZoom(0)}
        />
        <IconButton
          size="sm"
          label={t("zoomIn")}
          icon={<ZoomIn strokeWidth={1.75} />}
          disabled={zoom === zooms.length - 1}
          onClick={() => setZoom(zoom + 1)}
        />
      </span>
    </div>
  );
}

function inlineUrl(url: string): string {
  return url.startsWith("/api/") ? `${url}${url.includes("?") ? "&" : "?"}inline=1` : url;
}

/** A text as it came, its lines kept. */
function PlainText({ text }: { text: string }) {
  const t = useTranslations("common.files");
  return (
    <section
      aria-label={t("resultText")}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
      tabIndex={0}
      className="max-h-[70vh] overflow-auto rounded-card border border-line bg-surface px-4 py-3.5 text-14 whitespace-pre-wrap text-text [overflow-wrap:anywhere]"
    >
      {text}
    </section>
  );
}

function MarkdownText({ text, live }: { text: string; live: boolean }) {
  const t = useTranslations("common.files");
  const [view, setView] = useState<"rendered" | "source">("rendered");
  return (
    <div className="grid gap-2">
      <Segmented
        label={t("resultText")}
        value={view}
        onValueChange={setView}
        options={[
          { value: "rendered", label: t("rendered") },
          { value: "source", label: t("source") },
        ]}
        className="justify-self-start"
      />
      {view === "source" ? (
        <PlainText text={text} />
      ) : (
        <section
          aria-label={t("resultText")}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
          tabIndex={0}
          className="max-h-[70vh] overflow-auto rounded-card border border-line bg-surface px-5 py-4"
        >
          <Suspense fallback={<Skeleton className="h-40" />}>
            <Markdown text={text} live={live} />
          </Suspense>
        </section>
      )}
    </div>
  );
}
