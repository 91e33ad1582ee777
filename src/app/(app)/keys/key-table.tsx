"use client";

import { Pencil, RotateCw, Trash2 } from "lucide-react";
import { useTranslations } from "next-intl";
import type { KeyJson } from "#api/contract";
import { Time } from "#ui/data/cells";
import { type Column, Table } from "#ui/data/table";
import { Badge } from "#ui/primitives/badge";
import { IconButton } from "#ui/primitives/icon-button";
import { useFormat } from "#ui/use-format";
import { CapCell } from "./cap-cell";
import { stateOf } from "./keys-query";
import { presetOf } from "./presets";
import { useScopeSentence } from "./scope-sentence";

export type KeyAct = "change" | "rotate" | "revoke";

type KeyTableProps = {
  label: string;
  keys: readonly KeyJson[];
  /** Left out for keys that have ended: nothing can be done with them. */
  onAct?: (act: KeyAct, key: KeyJson) => void;
};

/** Keys with what they may do, what they spent of what they may, and when they were used and end. */
export function KeyTable({ label, keys, onAct }: KeyTableProps) {
  const t = useTranslations("keys");
  const columns: Column<KeyJson>[] = [
    { key: "name", header: t("column.name"), mobile: "title", cell: (key) => <Name apiKey={key} /> },
    { key: "may", header: t("column.may"), cell: (key) => <May apiKey={key} /> },
    { key: "cap", header: t("column.cap"), width: "w-52", cell: (key) => <CapCell apiKey={key} /> },
    {
      key: "used",
      header: t("column.lastUsed"),
      cell: ({ lastUsedAt }) =>
        lastUsedAt ? <Time at={lastUsedAt} /> : <span className="text-text-3">{t("neverUsed")}</span>,
    },
    {
      key: "end",
      header: t(onAct ? "column.expires" : "column.ended"),
      cell: (key) => <End apiKey={key} />,
    },
  ];
  const acts: Column<KeyJson> = {
    key: "acts",
    header: <span className="sr-only">{t("column.acts")}</span>,
    align: "right",
    cell: (key) => <Acts apiKey={key} onAct={(act) => onAct?.(act, key)} />,
  };
  return (
    <Table
      label={label}
      columns={onAct ? [...columns, acts] : columns}
      rows={keys}
      rowKey={({ id }) => id}
      className="[&_td]:py-3 max-sm:[&_td]:py-0.5"
    />
  );
}

function Name({ apiKey: { name, hint, endingSecrets } }: { apiKey: KeyJson }) {
  const t = useTranslations("keys");
  const format = useFormat();
  return (
    <span className="grid max-w-60 justify-items-start gap-0.5">
      <span className="max-w-full truncate text-14 font-medium" title={name}>
        {name}
      </span>
      <span className="font-mono text-12 whitespace-nowrap text-text-2">{hint}</span>
      {endingSecrets.map((ending) => (
        <span key={ending.hint} className="text-12 font-normal text-hold">
          {t("ending", { hint: ending.hint, time: format.dateTime(ending.endsAt) })}
        </span>
      ))}
    </span>
  );
}

function May({ apiKey: { kind, scopes } }: { apiKey: KeyJson }) {
  const t = useTranslations("keys.preset");
  const sentence = useScopeSentence();
  return (
    <span className="grid justify-items-start gap-1 max-sm:justify-items-end max-sm:text-right">
      <Badge>{t(presetOf(kind, scopes) ?? "custom")}</Badge>
      <span className="max-w-72 text-12 text-text-3">{sentence(kind, scopes)}</span>
    </span>
  );
}

function End({ apiKey }: { apiKey: KeyJson }) {
  const t = useTranslations("keys");
  const { revokedAt, expiresAt } = apiKey;
  const state = stateOf(apiKey, new Date());
  if (state === "revoked" && revokedAt) {
    return (
      <span className="grid gap-1 justify-items-start max-sm:justify-items-end">
        <Badge tone="danger">{t("state.revoked")}</Badge>
        <Time at={revokedAt} show="date" />
      </span>
    );
  }
  if (!expiresAt) return <span className="text-text-3">{t("neverExpires")}</span>;
  return (
    <span className="grid gap-1 justify-items-start max-sm:justify-items-end">
      {state === "expired" && <Badge>{t("state.expired")}</Badge>}
      <Time at={expiresAt} show="date" />
    </span>
  );
}

const icons = {
  change: <Pencil strokeWidth={1.75} />,
  rotate: <RotateCw strokeWidth={1.75} />,
  revoke: <Trash2 strokeWidth={1.75} />,
} as const satisfies Record<KeyAct, unknown>;

function Acts({ apiKey: { name }, onAct }: { apiKey: KeyJson; onAct: (act: KeyAct) => void }) {
  const t = useTranslations("keys.act");
  return (
    <span className="inline-flex gap-1">
      {(["change", "rotate", "revoke"] as const).map((act) => (
        <IconButton
          key={act}
          size="sm"
          variant="quiet"
          label={t(act, { name })}
          icon={icons[act]}
          onClick={() => onAct(act)}
        />
      ))}
    </span>
  );
}
