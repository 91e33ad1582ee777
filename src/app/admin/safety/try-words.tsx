"use client";

import { useMutation } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useId, useState } from "react";
import { api } from "#ui/api";
import { Button } from "#ui/primitives/button";
import { Field } from "#ui/primitives/field";
import { Input } from "#ui/primitives/input";
import { useProblemText } from "#ui/problem-text";

/** Tries the list as it stands in the form, saved or not, on a text of one's own. */
export function TryWords({ words }: { words: string }) {
  const t = useTranslations("officeSafety");
  const problemText = useProblemText();
  const id = useId();
  const [text, setText] = useState("");
  const attempt = useMutation({
    mutationFn: () => api.post<{ found: string | null }>("/admin/safety/try", { words, text }),
  });
  const { data, error } = attempt;
  const verdict = () => {
    if (error) return problemText(error);
    if (!data) return "";
    return data.found === null ? t("tryPasses") : t("tryRefused", { found: data.found });
  };
  return (
    <Field id={id} label={t("try")}>
      <div className="flex gap-2">
        <Input
          id={id}
          value={text}
          maxLength={10_000}
          placeholder={t("tryPlaceholder")}
          onChange={({ target }) => {
            setText(target.value);
            attempt.reset();
          }}
        />
        <Button
          variant="secondary"
          busy={attempt.isPending}
          disabled={text.trim() === ""}
          onClick={() => attempt.mutate()}
        >
          {t("tryAct")}
        </Button>
      </div>
      <p role="status" className="min-h-5 text-13 text-text-2">
        {verdict()}
      </p>
    </Field>
  );
}
