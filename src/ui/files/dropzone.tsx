"use client";

import { Upload as UploadIcon } from "lucide-react";
import { useTranslations } from "next-intl";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { cn } from "#cn";
import { Kbd } from "#ui/primitives/kbd";
import { useFormat } from "#ui/use-format";
import { acceptAttribute, typeLabel } from "./media-types";
import type { FileLimits, Rejection } from "./use-uploads";

type DropzoneProps = {
  id: string;
  limits: FileLimits;
  onFiles: (files: File[]) => void;
  rejections?: readonly Rejection[];
  disabled?: boolean;
  /** What else one may do, such as "Use a sample". */
  aside?: ReactNode;
  /** An error of the form, such as a missing file. */
  error?: string | undefined;
  /** A slim one, for more files beside those that are there. */
  compact?: boolean;
  className?: string;
};

/** Takes files by click, by drop anywhere on the page and by paste; the limits stand in it before. */
export function Dropzone({
  id,
  limits,
  onFiles,
  rejections = [],
  disabled = false,
  aside,
  error,
  compact = false,
  className,
}: DropzoneProps) {
  const t = useTranslations("common.files");
  const input = useRef<HTMLInputElement>(null);
  const over = usePageFiles(disabled ? null : onFiles);
  const many = limits.maxCount > 1;
  return (
    <div className={cn("grid gap-2", className)}>
      <div
        className={cn(
          "relative grid justify-items-center gap-3 rounded-card border border-dashed border-line-strong bg-sunken px-5 text-center transition-colors duration-120",
          compact ? "gap-1 py-3" : "py-8",
          "hover:border-text-3 hover:bg-hover has-[input:focus-visible]:outline-2 has-[input:focus-visible]:outline-offset-2 has-[input:focus-visible]:outline-ring",
          over && "border-solid border-primary bg-hover",
          error && "border-danger",
          disabled && "pointer-events-none opacity-45",
        )}
      >
        <input
          ref={input}
          id={id}
          type="file"
          multiple={many}
          accept={acceptAttribute(limits.accept)}
          disabled={disabled}
          aria-describedby={`${id}-limits`}
          aria-invalid={error ? true : undefined}
          aria-label={`${t(many ? "dropMany" : "drop")}, ${t(many ? "browseMany" : "browse")}`}
          className="absolute inset-0 cursor-pointer opacity-0"
          onChange={(event) => {
            onFiles([...(event.target.files ?? [])]);
            // The same file picked again is a new choice.
            event.target.value = "";
          }}
        />
        {!compact && (
          <span
            aria-hidden="true"
            className="grid size-10 place-items-center rounded-card border border-line bg-surface text-text-2"
          >
            <UploadIcon className="size-5" strokeWidth={1.75} />
          </span>
        )}
        <div aria-hidden="true" className="grid gap-0.5">
          <p className="text-14 font-medium text-text">
            {over ? t("release") : t(many ? "dropMany" : "drop")}{" "}
            <span className="text-text-2 underline decoration-line-strong underline-offset-3">
              {t(many ? "browseMany" : "browse")}
            </span>
          </p>
          {!compact && (
            <p className="text-13 text-text-3 max-lg:hidden">
              {t.rich("paste", { keys: (key) => <Kbd>{key}</Kbd> })}
            </p>
          )}
        </div>
        <Limits id={`${id}-limits`} limits={limits} />
        {aside && <div className="relative">{aside}</div>}
      </div>
      <Rejections rejections={rejections} limits={limits} />
      {error && (
        <p role="alert" className="text-13 text-danger">
          {error}
        </p>
      )}
    </div>
  );
}

function Limits({ id, limits }: { id: string; limits: FileLimits }) {
  const t = useTranslations("common.files");
  const format = useFormat();
  const facts = { types: limits.accept.map(typeLabel).join(", "), size: format.bytes(limits.maxBytes) };
  return (
    <p id={id} className="text-12 text-text-3">
      {limits.maxCount > 1 ? t("limitsMany", { ...facts, count: limits.maxCount }) : t("limits", facts)}
    </p>
  );
}

function Rejections({ rejections, limits }: { rejections: readonly Rejection[]; limits: FileLimits }) {
  const t = useTranslations("common.files");
  const format = useFormat();
  const text = ({ file, reason }: Rejection): string => {
    if (reason === "count") return t("tooMany", { count: limits.maxCount });
    if (reason === "type")
      return t("wrongType", { name: file.name, types: limits.accept.map(typeLabel).join(", ") });
    const sizes = { size: format.bytes(file.size), limit: format.bytes(limits.maxBytes) };
    return t("tooLarge", { name: file.name, ...sizes });
  };
  return (
    <div role="alert" className="text-13 text-danger empty:hidden">
      {rejections.length > 0 && (
        <ul className="grid gap-1">
          {rejections.map((rejection) => (
            <li key={`${rejection.file.name} ${rejection.file.size}`}>{text(rejection)}</li>
          ))}
        </ul>
      )}
    </div>
  );
}

/** Files dropped anywhere or pasted outside of a text; true while one is held over the page. */
function usePageFiles(onFiles: ((files: File[]) => void) | null): boolean {
  const [over, setOver] = useState(false);
  const latest = useRef(onFiles);
  useEffect(() => {
    latest.current = onFiles;
  });
  useEffect(() => {
    let depth = 0;
    const carriesFiles = (event: DragEvent) => event.dataTransfer?.types.includes("Files") ?? false;
    const listeners = {
      dragenter: (event: DragEvent) => {
        if (!carriesFiles(event)) return;
        depth += 1;
        setOver(latest.current !== null);
      },
      dragleave: () => {
        depth = Math.max(0, depth - 1);
        if (depth === 0) setOver(false);
      },
      dragover: (event: DragEvent) => {
        if (carriesFiles(event)) event.preventDefault();
      },
      drop: (event: DragEvent) => {
        depth = 0;
        setOver(false);
        if (!carriesFiles(event)) return;
        event.preventDefault();
        latest.current?.([...(event.dataTransfer?.files ?? [])]);
      },
    };
    const paste = (event: ClipboardEvent) => {
      const files = [...(event.clipboardData?.files ?? [])];
      if (files.length === 0) return;
      event.preventDefault();
      latest.current?.(files);
    };
    const stop = new AbortController();
    const { signal } = stop;
    window.addEventListener("dragenter", listeners.dragenter, { signal });
    window.addEventListener("dragleave", listeners.dragleave, { signal });
    window.addEventListener("dragover", listeners.dragover, { signal });
    window.addEventListener("drop", listeners.drop, { signal });
    window.addEventListener("paste", paste, { signal });
    return () => stop.abort();
  }, []);
  return over;
}
