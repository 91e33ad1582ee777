"use client";

import { useCallback, useEffect, useRef, useState } from "react";
import { newIdempotencyKey, Problem } from "#ui/api";
import { mayBe } from "./media-types";
import { sendFile, type Upload } from "./upload";

export type FileLimits = {
  accept: readonly string[];
  /** Of each file. */
  maxBytes: number;
  maxCount: number;
};

/** Why a file was refused before it was sent. */
export type Rejection = { file: File; reason: "type" | "size" | "count" };

export type UploadItem = {
  /** Of this list, not of the server. */
  key: string;
  name: string;
  bytes: number;
  /** The picked file itself; null for one that only the server has. */
  file: File | null;
  /** Shows the picked image before and after it is sent; freed with the item. */
  previewUrl: string | null;
  state: /** Until somebody may upload. */
    | { kind: "waiting" }
    | { kind: "sending"; fraction: number }
    | { kind: "failed"; error: unknown }
    | { kind: "done"; upload: Upload };
};

const refusals = new Set(["upload_unsupported", "upload_corrupt", "upload_too_large"]);

/** Whether the file itself was refused: to send it again would not help. */
export function isRefused(error: unknown): boolean {
  return error instanceof Problem && refusals.has(error.code);
}

type Tracked = UploadItem & {
  stop: AbortController;
  /** One for each file that was picked: a retry after an answer that got lost stores it once. */
  idempotencyKey: string;
};

type UploadOptions = {
  /** Uploads that stand already. */
  initial?: readonly Upload[];
  /** While nobody may upload, files are kept and sent once it turns false. */
  held?: boolean;
};

/** Sends picked files at once, each with progress, cancel and retry. */
export function useUploads(limits: FileLimits, { initial = [], held = false }: UploadOptions = {}) {
  const [items, setItems] = useState<readonly Tracked[]>(() => initial.map(standing));
  const [rejections, setRejections] = useState<readonly Rejection[]>([]);
  const current = useRef(items);
  current.current = items;

  const change = useCallback((key: string, state: UploadItem["state"]) => {
    setItems((list) => list.map((item) => (item.key === key ? { ...item, state } : item)));
  }, []);

  const send = useCallback(
    (item: Tracked) => {
      if (!item.file) return;
      const { signal } = item.stop;
      sendFile(item.file, {
        signal,
        idempotencyKey: item.idempotencyKey,
        onProgress: (fraction) => change(item.key, { kind: "sending", fraction }),
      })
        .then((upload) => change(item.key, { kind: "done", upload }))
        .catch((error: unknown) => {
          if (!signal.aborted) change(item.key, { kind: "failed", error });
        });
    },
    [change],
  );

  const add = useCallback(
    (files: readonly File[]) => {
      const refused: Rejection[] = [];
      const kept = limits.maxCount === 1 ? [] : current.current;
      const fresh: Tracked[] = [];
      for (const file of files) {
        if (!mayBe(file, limits.accept)) refused.push({ file, reason: "type" });
        else if (file.size > limits.maxBytes) refused.push({ file, reason: "size" });
        else if (kept.length + fresh.length >= limits.maxCount) refused.push({ file, reason: "count" });
        else fresh.push(picked(file, held));
      }
      setRejections(refused);
      if (fresh.length === 0) return;
      // A tool that takes one file takes the new one in place of the old.
      if (limits.maxCount === 1) for (const item of current.current) discard(item);
      setItems([...kept, ...fresh]);
      if (!held) fresh.forEach(send);
    },
    [limits, held, send],
  );

  const remove = useCallback((key: string) => {
    for (const item of current.current) if (item.key === key) discard(item);
    setItems((list) => list.filter((item) => item.key !== key));
  }, []);

  const sendAnew = useCallback(
    (item: Tracked) => {
      const state = { kind: "sending", fraction: 0 } as const;
      const again: Tracked = { ...item, stop: new AbortController(), state };
      setItems((list) => list.map((known) => (known.key === item.key ? again : known)));
      send(again);
    },
    [send],
  );

  const retry = useCallback(
    (key: string) => {
      const item = current.current.find((known) => known.key === key);
      if (item) sendAnew(item);
    },
    [sendAnew],
  );

  /** Puts uploads that stand already in place of what is there. */
  const put = useCallback((uploads: readonly Upload[]) => {
    for (const item of current.current) discard(item);
    setRejections([]);
    setItems(uploads.map(standing));
  }, []);

  useEffect(() => {
    if (held) return;
    for (const item of current.current) if (item.state.kind === "waiting") sendAnew(item);
  }, [held, sendAnew]);

  useEffect(
    () => () => {
      for (const item of current.current) discard(item);
    },
    [],
  );

  const uploads = items.flatMap(({ state }) => (state.kind === "done" ? [state.upload] : []));
  return {
    items: items as readonly UploadItem[],
    rejections,
    uploads,
    /** True while something is on its way. */
    sending: items.some(({ state }) => state.kind === "sending"),
    add,
    remove,
    retry,
    put,
  };
}

export type Uploads = ReturnType<typeof useUploads>;

function picked(file: File, held: boolean): Tracked {
  return {
    key: newIdempotencyKey(),
    name: file.name,
    bytes: file.size,
    previewUrl: file.type.startsWith("image/") ? URL.createObjectURL(file) : null,
    state: held ? { kind: "waiting" } : { kind: "sending", fraction: 0 },
    file,
    stop: new AbortController(),
    idempotencyKey: newIdempotencyKey(),
  };
}

function standing(upload: Upload): Tracked {
  return {
    key: upload.id,
    name: upload.name,
    bytes: upload.bytes,
    previewUrl: upload.mediaType.startsWith("image/")
      ? `/api/v1/uploads/${upload.id}/content?inline=1`
      : null,
    state: { kind: "done", upload },
    file: null,
    stop: new AbortController(),
    idempotencyKey: upload.id,
  };
}

function discard(item: Tracked): void {
  item.stop.abort();
  if (item.previewUrl?.startsWith("blob:")) URL.revokeObjectURL(item.previewUrl);
}
