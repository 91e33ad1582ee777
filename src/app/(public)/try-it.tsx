"use client";

import { ImageIcon } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Dropzone } from "#ui/files/dropzone";
import { mayBe } from "#ui/files/media-types";
import type { FileLimits, Rejection } from "#ui/files/use-uploads";
import { Badge } from "#ui/primitives/badge";
import { Button } from "#ui/primitives/button";
import { Card } from "#ui/primitives/card";
import { toast } from "#ui/primitives/toast";
import { TryResult } from "./try-result";
import { useTrial } from "./use-trial";

type TryItProps = {
  /** The tool that visitors may try. */
  slug: string;
  /** The field of its input that lists uploads. */
  field: string;
  limits: FileLimits;
};

const samples = [
  { file: "receipt-en.png", name: "sampleEn" },
  { file: "notice-zh.png", name: "sampleZh" },
] as const;

/** A working tool above the fold: a picture in, its words out, without an account. */
export function TryIt({ slug, field, limits }: TryItProps) {
  const t = useTranslations("landing.try");
  const problems = useTranslations("problems");
  const { trial, start, reset } = useTrial(slug, field);
  const [rejections, setRejections] = useState<readonly Rejection[]>([]);
  const take = (files: File[]): void => {
    const [file] = files;
    if (!file) return;
    const reason = !mayBe(file, limits.accept) ? "type" : file.size > limits.maxBytes ? "size" : null;
    setRejections(reason ? [{ file, reason }] : []);
    if (!reason) start(file);
  };
  const takeSample = async (name: string): Promise<void> => {
    const response = await fetch(`/samples/${name}`);
    take([new File([await response.blob()], name, { type: "image/png" })]);
  };
  return (
    <Card
      aria-labelledby="try-title"
      data-testid="try-it"
      className="grid grid-rows-[auto_1fr] lg:min-h-[440px] gap-4 p-5 shadow-raised sm:p-6"
    >
      <header className="flex items-center justify-between gap-3">
        <h2 id="try-title" className="text-16 font-semibold">
          {t("title")}
        </h2>
        <Badge>{t("badge")}</Badge>
      </header>
      {trial.state === "idle" ? (
        <div className="grid content-between gap-4">
          <div className="grid gap-3">
            <p className="text-14 text-text-2">{t("text")}</p>
            <Dropzone id="try-file" limits={limits} onFiles={take} rejections={rejections} />
          </div>
          <div className="flex flex-wrap items-center gap-2">
            <span className="text-13 text-text-3">{t("samples")}</span>
            {samples.map(({ file, name }) => (
              <Button
                key={file}
                variant="secondary"
                size="sm"
                onClick={() => takeSample(file).catch(() => toast.failure(problems("network")))}
              >
                <ImageIcon strokeWidth={1.75} />
                {t(name)}
              </Button>
            ))}
          </div>
        </div>
      ) : (
        <TryResult trial={trial} onAgain={reset} />
      )}
    </Card>
  );
}
