"use client";

import { Plus, Upload } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useId, useRef, useState } from "react";
import { madeSlug } from "#tools/made";
import { api, Problem } from "#ui/api";
import { useToolNames } from "#ui/office/tool-difference";
import { Button } from "#ui/primitives/button";
import { Dialog } from "#ui/primitives/dialog";
import { describedBy, Field } from "#ui/primitives/field";
import { Input } from "#ui/primitives/input";
import { toast } from "#ui/primitives/toast";
import { useProblemText } from "#ui/problem-text";
import { readToolFile, type ToolFile } from "./tool-file";

/** Ways to a new tool: an empty form, and a file that another site exported. */
export function NewToolButtons() {
  const t = useTranslations("officeMade");
  const problemText = useProblemText();
  const router = useRouter();
  const picker = useRef<HTMLInputElement>(null);
  const [busy, setBusy] = useState(false);
  const nameOf = useToolNames();
  const [refused, setRefused] = useState<{ tool: ToolFile; message: string } | null>(null);
  const make = async (tool: ToolFile) => {
    setBusy(true);
    try {
      await api.post("/admin/tools", tool);
      setRefused(null);
      toast.done(t("imported"));
      router.push(`/admin/tools/${tool.slug}`);
    } catch (error) {
      const errors = error instanceof Problem ? error.errors : [];
      const ofName = errors.find(({ path }) => path === "slug");
      const [first] = errors;
      if (ofName) setRefused({ tool, message: ofName.message });
      else if (first) {
        const field = nameOf(first.path.replace(/^definition\./, ""));
        toast.failure(t("importWrong", { field, message: first.message }));
      } else toast.failure(problemText(error));
    } finally {
      setBusy(false);
    }
  };
  const take = async (file: File) => {
    const read = readToolFile(await file.text());
    if (read) await make(read);
    else toast.failure(t("notAToolFile"));
  };
  return (
    <>
      <input
        ref={picker}
        type="file"
        accept="application/json,.json"
        aria-label={t("import")}
        className="sr-only"
        tabIndex={-1}
        onChange={({ target }) => {
          const [file] = target.files ?? [];
          target.value = "";
          if (file) void take(file);
        }}
      />
      {refused && (
        <OtherName
          key={refused.tool.slug}
          {...refused}
          busy={busy}
          onCancel={() => setRefused(null)}
          onName={(slug) => void make({ ...refused.tool, slug })}
        />
      )}
      <Button variant="secondary" busy={busy} onClick={() => picker.current?.click()}>
        <Upload aria-hidden="true" strokeWidth={1.75} />
        {t("import")}
      </Button>
      <Button asChild>
        <Link href="/admin/tools/new">
          <Plus aria-hidden="true" strokeWidth={1.75} />
          {t("new")}
        </Link>
      </Button>
    </>
  );
}

type OtherNameProps = {
  tool: ToolFile;
  message: string;
  busy: boolean;
  onCancel: () => void;
  onName: (slug: string) => void;
};

/** The file's name cannot be used here: it is imported under another. */
function OtherName({ tool, message, busy, onCancel, onName }: OtherNameProps) {
  const t = useTranslations("officeMade");
  const common = useTranslations("common");
  const id = useId();
  const [slug, setSlug] = useState(tool.slug);
  const error = slug === tool.slug ? message : madeSlug.safeParse(slug).success ? undefined : t("slugWrong");
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onCancel()}
      dismissible={!busy}
      title={t("importAs")}
      description={t("importAsText", { name: tool.slug })}
      footer={
        <>
          <Button variant="secondary" onClick={onCancel} disabled={busy}>
            {common("cancel")}
          </Button>
          <Button type="submit" form={`${id}-form`} busy={busy} disabled={error !== undefined}>
            {t("import")}
          </Button>
        </>
      }
    >
      <form
        id={`${id}-form`}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (error === undefined) onName(slug);
        }}
      >
        <Field id={id} label={t("slug")} hint={t("slugHint")} error={error}>
          <Input
            data-autofocus
            autoComplete="off"
            className="font-mono text-13"
            value={slug}
            onChange={({ target }) => setSlug(target.value.trim())}
            {...describedBy(id, { hint: true, error })}
          />
        </Field>
      </form>
    </Dialog>
  );
}
