"use client";

import { useQuery } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import { api } from "#ui/api";
import { type FileLimits, type Uploads, useUploads } from "#ui/files/use-uploads";
import { queryKeys } from "#ui/query-keys";
import type { Run, RunInput } from "#ui/runs/run";
import {
  type FieldFaults,
  type FormValues,
  fileField,
  findFaults,
  initialValues,
  toInput,
  valuesFrom,
} from "#ui/tool-form/form-values";
import { keepDraft, keepFiles, readDraft, takeFiles } from "./draft";
import type { ToolView, Viewer } from "./tool-view";

export type ToolInput = {
  values: FormValues;
  change: (name: string, value: string | boolean) => void;
  uploads: Uploads;
  /** What the form says, with the uploads that are done. */
  input: RunInput;
  /** What is wrong with it, by field; the server's complaints until the field changes. */
  faults: FieldFaults;
  complain: (faults: FieldFaults) => void;
  /** True when it may be priced and run. */
  ready: boolean;
  /** Lays another input over the defaults: an example's, or an earlier run's. */
  fill: (input: RunInput) => void;
  reset: () => void;
};

/** Calls back once with the run that the URL named when the page was opened; not with those started here. */
function useFromRun(id: string | null, fill: (run: Run) => void): void {
  const [opened] = useState(id);
  const { data: run } = useQuery<Run>({
    queryKey: queryKeys.run(opened ?? ""),
    queryFn: ({ signal }) => api.get<Run>(`/runs/${opened}`, { signal }),
    enabled: opened !== null,
  });
  const filled = useRef(false);
  useEffect(() => {
    if (!run || filled.current) return;
    filled.current = true;
    if (!run.purged) fill(run);
  });
}

const noFiles: FileLimits = { accept: [], maxBytes: 0, maxCount: 0 };

/** The form's content: from the run that the URL names, else from the draft of this tab, else the defaults. */
export function useToolInput(tool: ToolView, viewer: Viewer, namedRun: string | null): ToolInput {
  const { slug, fields } = tool;
  const visitor = viewer === null;
  const [values, setValues] = useState<FormValues>(() => initialValues(fields));
  const [told, setTold] = useState<FieldFaults>({});
  const uploads = useUploads(fileField(fields)?.files ?? noFiles, {
    held: visitor && !tool.tryable,
  });
  const { items, uploads: done, add, put } = uploads;

  const restored = useRef(false);
  useEffect(() => {
    if (restored.current) return;
    restored.current = true;
    const draft = namedRun === null ? readDraft(slug) : null;
    if (draft) {
      setValues((defaults) => ({ ...defaults, ...draft.values }));
      if (draft.visitor === visitor) put(draft.uploads);
    }
    const chosen = visitor ? [] : takeFiles(slug);
    if (chosen.length > 0) add(chosen);
  }, [namedRun, add, put, slug, visitor]);
  useFromRun(namedRun, (run) => {
    setValues(valuesFrom(fields, run.input));
    put(run.files);
  });

  useEffect(() => {
    if (restored.current) keepDraft(slug, { values, uploads: done, visitor });
  }, [slug, values, done, visitor]);
  useEffect(() => {
    if (visitor)
      keepFiles(
        slug,
        items.flatMap(({ file }) => file ?? []),
      );
  }, [slug, items, visitor]);

  const change = useCallback((name: string, value: string | boolean) => {
    setValues((old) => ({ ...old, [name]: value }));
    setTold(({ [name]: _, ...others }) => others);
  }, []);
  const fileName = fileField(fields)?.name;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a change of the files answers what was said of them
  useEffect(() => {
    if (fileName) setTold(({ [fileName]: _, ...others }) => others);
  }, [items.length, fileName]);

  const fill = useCallback((input: RunInput) => setValues(valuesFrom(fields, input)), [fields]);
  const reset = useCallback(() => {
    setValues(initialValues(fields));
    setTold({});
    put([]);
    keepDraft(slug, null);
  }, [fields, put, slug]);

  const own = findFaults(fields, values, items.length);
  const ids = done.map(({ id }) => id);
  return {
    values,
    change,
    uploads,
    input: toInput(fields, values, ids),
    faults: { ...own, ...told },
    complain: setTold,
    ready: Object.keys(own).length === 0 && done.length === items.length,
    fill,
    reset,
  };
}
