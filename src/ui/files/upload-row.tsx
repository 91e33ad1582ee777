"use client";

import { File as FileIcon, RotateCw, X } from "lucide-react";
import { useTranslations } from "next-intl";
import { IconButton } from "#ui/primitives/icon-button";
import { Progress } from "#ui/primitives/progress";
import { useProblemText } from "#ui/problem-text";
import { useFormat } from "#ui/use-format";
import { typeLabel } from "./media-types";
import { isRefused, type UploadItem } from "./use-uploads";

type UploadRowProps = {
  item: UploadItem;
  onRemove: (key: string) => void;
  onRetry: (key: string) => void;
};

/** A file of the input: its picture, its measures, and what one may do with it. */
export function UploadRow({ item, onRemove, onRetry }: UploadRowProps) {
  const t = useTranslations("common.files");
  const { name, previewUrl, state } = item;
  const sending = state.kind === "sending";
  const refused = state.kind === "failed" && isRefused(state.error);
  return (
    <li
      data-testid="file-row"
      data-state={state.kind}
      className="flex items-center gap-3 rounded-field border border-line bg-surface p-2"
    >
      <span className="checkerboard grid size-11 shrink-0 place-items-center overflow-hidden rounded-control border border-line text-text-3">
        {previewUrl && !refused ? (
          // biome-ignore lint/performance/noImgElement: a blob or a private file, nothing to optimise
          <img src={previewUrl} alt="" className="size-full object-cover" />
        ) : (
          <FileIcon aria-hidden="true" className="size-5" strokeWidth={1.75} />
        )}
      </span>
      <span className="grid min-w-0 grow gap-1">
        <span className="truncate text-14 text-text">{name}</span>
        <Measures item={item} />
        {sending && <Progress label={name} value={state.fraction} />}
      </span>
      {state.kind === "failed" && !refused && (
        <IconButton
          size="sm"
          label={t("retryUpload", { name })}
          icon={<RotateCw strokeWidth={1.75} />}
          onClick={() => onRetry(item.key)}
        />
      )}
      <IconButton
        size="sm"
        label={t(sending ? "cancelUpload" : "remove", { name })}
        icon={<X strokeWidth={1.75} />}
        onClick={() => onRemove(item.key)}
      />
    </li>
  );
}

function Measures({ item: { bytes, state } }: { item: UploadItem }) {
  const t = useTranslations("common.files");
  const format = useFormat();
  const problem = useProblemText();
  if (state.kind === "failed") {
    return (
      <span role="alert" className="text-13 text-danger">
        {problem(state.error)}
      </span>
    );
  }
  if (state.kind === "sending") {
    return (
      <span className="num text-12 text-text-3">
        {t("uploading", { percent: format.percent(state.fraction) })}
      </span>
    );
  }
  if (state.kind === "waiting") {
    return (
      <span className="num text-12 text-text-3">
        {format.bytes(bytes)} · {t("waiting")}
      </span>
    );
  }
  const { mediaType, width, height, pages } = state.upload;
  const facts = [
    typeLabel(mediaType),
    width && height ? t("pixels", { width, height }) : null,
    pages ? t("pages", { count: pages }) : null,
    format.bytes(bytes),
  ];
  return <span className="num text-12 text-text-3">{facts.filter((fact) => fact !== null).join(" · ")}</span>;
}
