"use client";

import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { StickyNote } from "lucide-react";
import { useTranslations } from "next-intl";
import { type FormEvent, useId, useState } from "react";
import { api } from "#ui/api";
import { Button } from "#ui/primitives/button";
import { Card } from "#ui/primitives/card";
import { describedBy, Field } from "#ui/primitives/field";
import { Textarea } from "#ui/primitives/input";
import { useProblemText } from "#ui/problem-text";
import { Empty, Failure } from "#ui/state/states";
import { NoteItem } from "./note-item";
import { notesQuery } from "./notes-query";
import { NotesSkeleton } from "./notes-skeleton";

type NotesTabProps = { customerId: string; mayWrite: boolean };

/** What staff wrote about the customer for each other. */
export function NotesTab({ customerId, mayWrite }: NotesTabProps) {
  const t = useTranslations("officeCustomers.notes");
  const credits = useTranslations("credits");
  const query = useInfiniteQuery(notesQuery(customerId));
  const notes = query.data?.pages.flatMap(({ data }) => data) ?? [];
  return (
    <div className="grid gap-4">
      {mayWrite && <NoteForm customerId={customerId} />}
      <Card aria-label={t("tab")}>
        {query.isPending && <NotesSkeleton />}
        {query.isError && notes.length === 0 && (
          <Failure error={query.error} title={t("failure")} onRetry={() => void query.refetch()} />
        )}
        {query.isSuccess && notes.length === 0 && (
          <Empty icon={<StickyNote strokeWidth={1.75} />} title={t("empty")} text={t("emptyText")} />
        )}
        <ul className="divide-y divide-line">
          {notes.map((note) => (
            <NoteItem key={note.id} note={note} mayPin={mayWrite} />
          ))}
        </ul>
        {query.hasNextPage && (
          <div className="flex justify-end border-t border-line px-4 py-2.5">
            <Button
              variant="secondary"
              size="sm"
              busy={query.isFetchingNextPage}
              onClick={() => void query.fetchNextPage()}
            >
              {credits("older")}
            </Button>
          </div>
        )}
      </Card>
    </div>
  );
}

function NoteForm({ customerId }: { customerId: string }) {
  const t = useTranslations("officeCustomers.notes");
  const problemText = useProblemText();
  const queries = useQueryClient();
  const id = useId();
  const [text, setText] = useState("");
  const [error, setError] = useState<string>();
  const [busy, setBusy] = useState(false);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!text.trim()) return setError(t("missing"));
    setError(undefined);
    setBusy(true);
    try {
      await api.post(`/admin/customers/${customerId}/notes`, { text: text.trim() });
      setText("");
      await queries.invalidateQueries({ queryKey: ["office"] });
    } catch (wrong) {
      setError(problemText(wrong));
    } finally {
      setBusy(false);
    }
  };
  return (
    <form onSubmit={submit} noValidate className="grid gap-3">
      <Field id={id} label={t("write")} error={error}>
        <Textarea
          rows={3}
          maxLength={4000}
          placeholder={t("placeholder")}
          value={text}
          onChange={(event) => setText(event.target.value)}
          className="min-h-20"
          {...describedBy(id, { error })}
        />
      </Field>
      <Button type="submit" busy={busy} className="justify-self-end">
        {t("add")}
      </Button>
    </form>
  );
}
