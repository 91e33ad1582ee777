"use client";

import { Plus, Upload } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useRef, useState } from "react";
import { api } from "#ui/api";
import { Button } from "#ui/primitives/button";
import { toast } from "#ui/primitives/toast";
import { useProblemText } from "#ui/problem-text";
import { readToolFile } from "./tool-file";

/** Ways to a new tool: an empty form, and a file that another site exported. */
export function NewToolButtons() {
  const t = useTranslations("officeMade");
  const problemText = useProblemText();
  const router = useRouter();
  const picker = useRef<HTMLInputElement>(null);
  const [busy, setBusy] = useState(false);
  const take = async (file: File) => {
    const read = readToolFile(await file.text());
    if (!read) return toast.failure(t("notAToolFile"));
    setBusy(true);
    try {
      await api.post("/admin/tools", read);
      toast.done(t("imported"));
      router.push(`/admin/tools/${read.slug}`);
    } catch (error) {
      toast.failure(problemText(error));
    } finally {
      setBusy(false);
    }
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
