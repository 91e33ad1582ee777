"use client";

import { Copy, Download } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { differenceOf } from "#tools/difference";
import type { MadeDefinition } from "#tools/made";
import { api } from "#ui/api";
import { Steps } from "#ui/office/tool-steps";
import { Button } from "#ui/primitives/button";
import { Card, CardBody } from "#ui/primitives/card";
import { DefinitionForm } from "./definition-form";
import { Beside } from "./preview";
import { SecretCard } from "./secret-card";
import { downloadTool } from "./tool-file";
import { useCheck } from "./use-check";

export type MadeEditorProps = {
  slug: string;
  name: string;
  published: MadeDefinition | null;
  revision: number;
  draft: { definition: MadeDefinition; savedAt: string } | null;
  mayChange: boolean;
  /** A server of one's own network may be named. */
  privateToo: boolean;
};

/** A made tool in the operator's hands: form left, what customers see and what it brings right. */
export function MadeEditor(props: MadeEditorProps) {
  const { slug, published, draft, mayChange } = props;
  const t = useTranslations("officeMade");
  const stored = draft?.definition ?? published;
  const [made, setMade] = useState<MadeDefinition | null>(stored);
  if (!made || !stored) return null;
  return (
    <div className="grid gap-3">
      <div className="flex flex-wrap gap-2">
        <Button variant="secondary" size="sm" onClick={() => downloadTool(slug, made)}>
          <Download aria-hidden="true" strokeWidth={1.75} />
          {t("export")}
        </Button>
        {mayChange && (
          <Button variant="secondary" size="sm" asChild>
            <Link href={`/admin/tools/new?from=${slug}`}>
              <Copy aria-hidden="true" strokeWidth={1.75} />
              {t("duplicate")}
            </Link>
          </Button>
        )}
      </div>
      <Open
        {...{ ...props, made, stored }}
        onChange={setMade}
        onDropped={() => published && setMade(published)}
      />
    </div>
  );
}

type OpenProps = MadeEditorProps & {
  made: MadeDefinition;
  stored: MadeDefinition;
  onChange: (made: MadeDefinition) => void;
  onDropped: () => void;
};

function Open({ made, stored, onChange, onDropped, mayChange, privateToo, ...props }: OpenProps) {
  const t = useTranslations("officeMade");
  const { slug, draft, published } = props;
  const { fitted, faults, current } = useCheck(made);
  const text = JSON.stringify(made);
  return (
    <div className="grid items-start gap-5 xl:grid-cols-[minmax(0,1fr)_400px]">
      <Card className="min-w-0">
        <CardBody className="pt-4 sm:pt-5">
          <DefinitionForm {...{ made, faults, onChange, privateToo }} disabled={!mayChange} />
        </CardBody>
        {mayChange && (
          <Steps
            {...{ slug, name: props.name, revision: props.revision }}
            seen={draft?.savedAt ?? null}
            difference={published ? differenceOf(published, made) : []}
            fits={current && faults.size === 0}
            changed={text !== JSON.stringify(published)}
            saved={draft !== null && text === JSON.stringify(stored)}
            onSave={() =>
              api.put<{ savedAt: string }>(`/admin/tools/${slug}/definition`, {
                ...{ definition: made, seen: draft?.savedAt ?? null },
              })
            }
            onDropped={onDropped}
            whole={published === null}
          >
            {!published && <p className="text-14 text-text-2">{t("publishNew")}</p>}
          </Steps>
        )}
      </Card>
      <Beside made={made} check={fitted} old={faults.size > 0}>
        {stored.work.kind === "http" && <SecretCard {...{ slug, mayChange }} />}
      </Beside>
    </div>
  );
}
