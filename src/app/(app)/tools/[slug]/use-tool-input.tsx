"use client";

import { useCallback, useEffect, useRef, useState } from "react";
import type { Run, RunInput } from "#ui/runs/run";
import { type FileLimits, type Uploads, useUploads } from "#ui/files/use-uploads";
import { keepDraft, readDraft } from "./draft";
import {
  type FieldFaults,
  type FormValues,
  fileField,
  findFaults,
  initialValues,
  toInput,
  valuesFrom,
} from "./form-values";
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

const noFiles: FileLimits = { accept: [], maxBytes: 0, maxCount: 0 };

/** The form's content: from an earlier run, else from the draft of this tab, else the defaults. */
export function useToolInput(tool: ToolView, viewer: Viewer, initialRun: Run | null): ToolInput {
  const { slug, fields } = tool;
  const [values, setValues] = useState<FormValues>(() =>
    initialRun ? valuesFrom(fields, initialRun.input) : initialValues(fields),
  );
  const [told, setTold] = useState<FieldFaults>({});
  const uploads = useUploads(fileField(fields)?.files ?? noFiles, {
    held: viewer === null && !tool.tryable,
    ...(initialRun && !initialRun.purged && { initial: initialRun.files }),
  });
  const { items, uploads: done, put, resend } = uploads;

  const restored = useRef(false);
  useEffect(() => {
    if (restored.current) return;
    restored.current = true;
    const draft = initialRun ? null : readDraft(slug);
    if (!draft) return;
    setValues((defaults) => ({ ...defaults, ...draft.values }));
    put(draft.uploads);
  }, [initialRun, put, slug]);

  useEffect(() => {
    if (restored.current) keepDraft(slug, { values, uploads: done });
  }, [slug, values, done]);

  // What a visitor has uploaded is not the account's: it is sent again under the account.
  const signedIn = viewer !== null;
  const before = useRef(signedIn);
  useEffect(() => {
    if (signedIn && !before.current) resend();
    before.current = signedIn;
  }, [signedIn, resend]);

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
