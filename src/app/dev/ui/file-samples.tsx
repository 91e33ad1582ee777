"use client";

import { networkProblem } from "#ui/api";
import { CompareSlider } from "#ui/files/compare-slider";
import { Dropzone } from "#ui/files/dropzone";
import { type ResultOutput, ResultView } from "#ui/files/result-view";
import { UploadRow } from "#ui/files/upload-row";
import type { FileLimits, UploadItem } from "#ui/files/use-uploads";
import { Sample, type SamplesProps } from "./sample";

const limits: FileLimits = { accept: ["image/png", "image/jpeg"], maxBytes: 8_000_000, maxCount: 5 };
const nothing = (): void => undefined;

const items: readonly UploadItem[] = [
  {
    key: "1",
    name: "a-very-long-name-of-a-photograph-that-does-not-fit-on-a-phone.png",
    bytes: 2_400_000,
    file: null,
    previewUrl: "/samples/photo.png",
    state: { kind: "sending", fraction: 0.42 },
  },
  {
    key: "2",
    name: "photo.png",
    bytes: 82_000,
    file: null,
    previewUrl: "/samples/photo.png",
    state: {
      kind: "done",
      upload: {
        id: "upl_1",
        name: "photo.png",
        mediaType: "image/png",
        bytes: 82_000,
        width: 240,
        height: 180,
        pages: null,
      },
    },
  },
  {
    key: "3",
    name: "report.pdf",
    bytes: 120_000,
    file: null,
    previewUrl: null,
    state: { kind: "failed", error: networkProblem() },
  },
];

const markdown =
  "## Heading\n\nText with **weight**, `code` and a list:\n\n- one\n- two\n\n| a | b |\n|---|---|\n| 1 | 2 |\n";

function output(position: number, change: Partial<ResultOutput>): ResultOutput {
  const file = { name: "result.txt", mediaType: "text/plain", bytes: 1_200, width: null, height: null };
  return { position, ...file, url: "/samples/photo.png", text: null, ...change };
}

const outputs: readonly ResultOutput[] = [
  output(0, { name: "photo.png", mediaType: "image/png", width: 240, height: 180 }),
  output(1, { text: "Garden Street Bakery\nTotal 18.40 paid on 12 March" }),
  output(2, { name: "report.md", mediaType: "text/markdown", text: markdown }),
  output(3, { name: "sales.csv", mediaType: "text/csv", text: 'month,total\nMarch,"1,250"\nApril,980\n' }),
  output(4, { name: "archive.zip", mediaType: "application/zip" }),
];

export function FileSamples({ frame }: SamplesProps) {
  return (
    <>
      <Sample name="Dropzone" className="grid">
        <Dropzone id={`${frame}-drop`} limits={limits} onFiles={nothing} />
        <Dropzone
          id={`${frame}-refused`}
          limits={limits}
          onFiles={nothing}
          rejections={[{ file: new File(["x"], "movie.mp4"), reason: "type" }]}
        />
      </Sample>
      <Sample name="UploadRow">
        <ul className="grid w-full gap-2">
          {items.map((item) => (
            <UploadRow key={item.key} item={item} onRemove={nothing} onRetry={nothing} />
          ))}
        </ul>
      </Sample>
      <Sample name="CompareSlider">
        <CompareSlider
          before={{ src: "/landing/seeds-before.webp", alt: "300 × 200" }}
          after={{ src: "/landing/seeds-after.webp", alt: "1200 × 800" }}
          width={1200}
          height={800}
        />
      </Sample>
      <Sample name="ResultView" className="grid gap-8">
        {outputs.map((shown) => (
          <ResultView key={shown.position} output={shown} />
        ))}
      </Sample>
    </>
  );
}
