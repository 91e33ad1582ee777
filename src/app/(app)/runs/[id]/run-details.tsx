"use client";

import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import type { FormField } from "#tools";
import { Card, CardBody, CardHeader } from "#ui/primitives/card";
import { CopyButton } from "#ui/primitives/copy-button";
import { isActive, type Run, runSeconds } from "#ui/runs/run";
import { useFormat } from "#ui/use-format";

/** What the run was given, in the form's words, and its receipt in full. */
export function RunDetails({ run, fields }: { run: Run; fields: readonly FormField[] }) {
  const t = useTranslations("runs");
  return (
    <div className="grid gap-5">
      {!run.purged && (
        <Card>
          <CardHeader title={t("view.inputTitle")} />
          <CardBody>
            <InputList run={run} fields={fields} />
          </CardBody>
        </Card>
      )}
      <Card>
        <CardHeader title={t("receipt.label")} />
        <CardBody>
          <Receipt run={run} />
        </CardBody>
      </Card>
    </div>
  );
}

function InputList({ run, fields }: { run: Run; fields: readonly FormField[] }) {
  const t = useTranslations("runs.view");
  const rows = fields.flatMap((field): [string, ReactNode][] => {
    if (field.control === "file") {
      return run.files.length > 0 ? [[field.label, <Files key={field.name} run={run} />]] : [];
    }
    const value = run.input[field.name];
    if (value === undefined || value === null || value === "" || value === false) return [];
    return [[field.label, valueText(field, value)]];
  });
  if (rows.length === 0) return <p className="text-13 text-text-3">{t("noInput")}</p>;
  return <Rows rows={rows} />;
}

function Files({ run }: { run: Run }) {
  return (
    <ul className="grid gap-1">
      {run.files.map(({ id, name, url }) => (
        <li key={id} className="min-w-0">
          <a
            href={url}
            download={name}
            className="break-all underline decoration-line-strong underline-offset-3"
          >
            {name}
          </a>
        </li>
      ))}
    </ul>
  );
}

function valueText(field: FormField, value: unknown): string {
  if (field.control === "choice")
    return field.options.find((option) => option.value === value)?.label ?? `${value}`;
  if (field.control === "switch") return "✓";
  if (field.control === "number" && field.unit) return `${value} ${field.unit}`;
  return `${value}`;
}

/** What was held, charged and returned, and when. */
function Receipt({ run }: { run: Run }) {
  const t = useTranslations("runs");
  const words = useTranslations("runs.receipt");
  const format = useFormat();
  const over = !isActive(run);
  const seconds = over ? runSeconds(run, new Date(run.endedAt ?? run.createdAt)) : null;
  const credits: [string, ReactNode][] =
    run.held === 0
      ? [[words("chargedLabel"), words("free")]]
      : [
          [words("held"), format.credits(run.held)],
          ...(over
            ? ([
                [words("chargedLabel"), format.credits(run.charged)],
                [words("returned"), format.credits(run.returned)],
              ] as [string, ReactNode][])
            : []),
        ];
  const rows: [string, ReactNode][] = [
    ...credits,
    [words("created"), format.exactTime(run.createdAt)],
    ...(run.endedAt ? ([[words("ended"), format.exactTime(run.endedAt)]] as [string, ReactNode][]) : []),
    ...(seconds === null ? [] : ([[words("took"), format.duration(seconds)]] as [string, ReactNode][])),
    ...(run.attempt > 1 ? ([[words("attempt"), format.integer(run.attempt)]] as [string, ReactNode][]) : []),
    [
      words("run"),
      <span key="id" className="flex items-center justify-end gap-1">
        <code className="truncate font-mono text-12">{run.id}</code>
        <CopyButton text={run.id} label={t("view.copyId")} />
      </span>,
    ],
  ];
  return <Rows rows={rows} />;
}

function Rows({ rows }: { rows: readonly [string, ReactNode][] }) {
  return (
    <dl className="grid gap-2 text-13">
      {rows.map(([name, value]) => (
        <div key={name} className="grid grid-cols-[auto_minmax(0,1fr)] items-baseline gap-4">
          <dt className="text-text-3">{name}</dt>
          <dd className="num min-w-0 text-right break-words whitespace-pre-wrap text-text">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
