"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Gift } from "lucide-react";
import { useTranslations } from "next-intl";
import { parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { useState } from "react";
import type { WelcomeJson } from "#api/contract";
import { api } from "#ui/api";
import { TableSkeleton } from "#ui/data/table";
import { KeyPages } from "#ui/office/key-pages";
import { Button } from "#ui/primitives/button";
import { Card } from "#ui/primitives/card";
import { Select } from "#ui/primitives/select";
import { Checkbox } from "#ui/primitives/toggle";
import { QueryState } from "#ui/state/query-state";
import { Empty } from "#ui/state/states";
import { DecideDialog, type Decision } from "./decide-dialog";
import { WelcomeRow } from "./welcome-row";

const states = ["waiting", "given", "refused"] as const;

/** Who waits, to be decided one by one or several at once. */
export function WelcomesView({ mayDecide }: { mayDecide: boolean }) {
  const t = useTranslations("officeWelcomes");
  const [{ state, cursor }, set] = useQueryStates(
    { state: parseAsStringLiteral(states).withDefault("waiting"), cursor: parseAsString },
    { history: "push" },
  );
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const [deciding, setDeciding] = useState<{ users: readonly string[]; decision: Decision } | null>(null);
  const page = useQuery({
    queryKey: ["office", "welcomes", state, cursor],
    queryFn: ({ signal }) =>
      api.get<{ data: WelcomeJson[]; nextCursor: string | null }>("/admin/welcomes", {
        signal,
        query: { state, cursor, limit: 50 },
      }),
    placeholderData: keepPreviousData,
  });
  const mayAct = mayDecide && state === "waiting";
  const turn = (next: { state?: (typeof states)[number]; cursor: string | null }) => {
    setChosen([]);
    void set(next);
  };
  return (
    <div className="grid gap-4">
      <div className="flex min-h-9 flex-wrap items-center gap-3">
        <Select
          aria-label={t("state.label")}
          value={state}
          onChange={({ target }) =>
            turn({ state: states.find((one) => one === target.value) ?? "waiting", cursor: null })
          }
          options={states.map((value) => ({ value, label: t(`state.${value}`) }))}
          className="w-auto max-w-56 text-13 font-medium"
        />
        {mayAct && chosen.length > 0 && (
          <span className="flex flex-wrap items-center gap-2">
            <span className="num text-13 text-text-2">{t("chosen", { count: chosen.length })}</span>
            <Button size="sm" onClick={() => setDeciding({ users: chosen, decision: "given" })}>
              {t("give")}
            </Button>
            <Button
              size="sm"
              variant="danger"
              onClick={() => setDeciding({ users: chosen, decision: "refused" })}
            >
              {t("refuse")}
            </Button>
          </span>
        )}
      </div>
      <Card aria-label={t("title")} aria-busy={page.isPlaceholderData}>
        <QueryState query={page} failure={t("failure")} skeleton={<TableSkeleton columns={3} rows={5} />}>
          {({ data, nextCursor }) => (
            <>
              {data.length === 0 && (
                <Empty
                  icon={<Gift strokeWidth={1.75} />}
                  title={t(state === "waiting" ? "empty" : "emptyDecided")}
                  text={t("emptyText")}
                />
              )}
              {mayAct && data.length > 1 && (
                <div className="border-b border-line px-4 py-2.5 sm:px-5">
                  <Checkbox
                    id="choose-all"
                    label={t("chooseAll")}
                    checked={data.every(({ id }) => chosen.includes(id))}
                    onCheckedChange={(all) => setChosen(all === true ? data.map(({ id }) => id) : [])}
                  />
                </div>
              )}
              <ul className="divide-y divide-line">
                {data.map((welcome) => (
                  <WelcomeRow
                    key={welcome.id}
                    welcome={welcome}
                    mayAct={mayAct}
                    chosen={chosen.includes(welcome.id)}
                    onChoose={(on) =>
                      setChosen(on ? [...chosen, welcome.id] : chosen.filter((id) => id !== welcome.id))
                    }
                    onDecide={(decision) => setDeciding({ users: [welcome.id], decision })}
                  />
                ))}
              </ul>
              <KeyPages
                label={t("pages")}
                older={nextCursor}
                turned={cursor !== null}
                turn={(next) => turn({ cursor: next })}
              />
            </>
          )}
        </QueryState>
      </Card>
      {deciding && (
        <DecideDialog
          {...deciding}
          onClose={() => setDeciding(null)}
          onDone={() => setChosen(chosen.filter((id) => !deciding.users.includes(id)))}
        />
      )}
    </div>
  );
}
