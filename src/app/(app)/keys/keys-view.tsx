"use client";

import { useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useTranslations } from "next-intl";
import { parseAsStringLiteral, useQueryState } from "nuqs";
import { useState } from "react";
import type { KeyJson } from "#api/contract";
import { TableSkeleton } from "#ui/data/table";
import { Button } from "#ui/primitives/button";
import { Card, PageHeader } from "#ui/primitives/card";
import { Tab, TabList, TabPanel, Tabs } from "#ui/primitives/tabs";
import { QueryState } from "#ui/state/query-state";
import { ChangeDialog } from "./change-dialog";
import { CreateDialog } from "./create-dialog";
import { type KeyAct, KeyTable } from "./key-table";
import { keysQuery, stateOf } from "./keys-query";
import { type KeyKind, kinds } from "./presets";
import { type ApiSite, Quickstart } from "./quickstart";
import { RevokeDialog } from "./revoke-dialog";
import { RotateDialog } from "./rotate-dialog";

type KeysViewProps = {
  site: ApiSite;
  /** Whether this person may make keys that act for every customer. */
  service: boolean;
};

/** The list of keys, and the dialogs in which they are made, changed, rotated and revoked. */
export function KeysView({ site, service }: KeysViewProps) {
  const t = useTranslations("keys");
  const [kind, setKind] = useQueryState(
    "kind",
    parseAsStringLiteral(kinds).withDefault("own").withOptions({ history: "push" }),
  );
  const [creating, setCreating] = useState(false);
  const shown = service ? kind : "own";
  const create = () => setCreating(true);
  const list = <KeyList key={shown} kind={shown} site={site} onCreate={create} />;
  return (
    <>
      <PageHeader
        title={t("title")}
        description={t("description")}
        actions={
          <Button onClick={create}>
            <Plus aria-hidden="true" strokeWidth={1.75} />
            {t("create")}
          </Button>
        }
      />
      {service ? (
        <Tabs
          value={kind}
          onValueChange={(value) => setKind(kinds.find((known) => known === value) ?? "own")}
        >
          <TabList>
            {kinds.map((name) => (
              <Tab key={name} value={name}>
                {t(`kind.${name}`)}
              </Tab>
            ))}
          </TabList>
          <TabPanel value={kind} className="grid gap-4">
            <p className="max-w-prose text-14 text-text-2">{t(`kindText.${kind}`)}</p>
            {list}
          </TabPanel>
        </Tabs>
      ) : (
        list
      )}
      <CreateDialog
        key={`create-${shown}`}
        kind={shown}
        site={site}
        open={creating}
        onClose={() => setCreating(false)}
      />
    </>
  );
}

type KeyListProps = { kind: KeyKind; site: ApiSite; onCreate: () => void };
type Chosen = { act: KeyAct; key: KeyJson };

function KeyList({ kind, site, onCreate }: KeyListProps) {
  const t = useTranslations("keys");
  const query = useQuery(keysQuery(kind));
  const [chosen, setChosen] = useState<Chosen | null>(null);
  const dialogOf = (act: KeyAct) => ({
    target: chosen?.act === act ? chosen.key : null,
    onClose: () => setChosen(null),
  });
  const onAct = (act: KeyAct, key: KeyJson) => setChosen({ act, key });
  return (
    <>
      <QueryState
        query={query}
        failure={t("failure")}
        skeleton={
          <Card>
            <TableSkeleton columns={5} rows={3} />
          </Card>
        }
      >
        {(keys) => {
          const now = new Date();
          const live = keys.filter((key) => stateOf(key, now) === "live");
          const ended = keys.filter((key) => stateOf(key, now) !== "live");
          return (
            <div className="grid gap-4">
              <Card className="overflow-hidden">
                {live.length === 0 ? (
                  <Quickstart kind={kind} site={site} onCreate={onCreate} />
                ) : (
                  <KeyTable label={t(`kind.${kind}`)} keys={live} onAct={onAct} />
                )}
              </Card>
              {ended.length > 0 && (
                <details className="group">
                  <summary className="w-fit cursor-pointer rounded-control py-1 text-13 text-text-2 hover:text-text">
                    {t("ended", { count: ended.length })}
                  </summary>
                  <Card className="mt-2 overflow-hidden">
                    <KeyTable label={t("endedLabel")} keys={ended} />
                  </Card>
                </details>
              )}
            </div>
          );
        }}
      </QueryState>
      <ChangeDialog {...dialogOf("change")} />
      <RotateDialog site={site} {...dialogOf("rotate")} />
      <RevokeDialog {...dialogOf("revoke")} />
    </>
  );
}
