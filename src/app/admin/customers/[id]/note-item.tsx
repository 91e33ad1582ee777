"use client";

import { useQueryClient } from "@tanstack/react-query";
import { Ellipsis, Pencil, Pin, PinOff, Trash2 } from "lucide-react";
import { useTranslations } from "next-intl";
import { useId, useState } from "react";
import type { NoteJson } from "#api/contract";
import { api } from "#ui/api";
import { Time } from "#ui/data/cells";
import { AskDialog } from "#ui/office/ask-dialog";
import { Badge } from "#ui/primitives/badge";
import { Button } from "#ui/primitives/button";
import { IconButton } from "#ui/primitives/icon-button";
import { Textarea } from "#ui/primitives/input";
import { Menu, MenuItem, MenuLine } from "#ui/primitives/menu";
import { toast } from "#ui/primitives/toast";
import { useProblemText } from "#ui/problem-text";
import { useFormat } from "#ui/use-format";

type NoteItemProps = { note: NoteJson; mayPin: boolean };

/** One note, with what whoever reads may do with it. */
export function NoteItem({ note, mayPin }: NoteItemProps) {
  const t = useTranslations("officeCustomers.notes");
  const format = useFormat();
  const [editing, setEditing] = useState(false);
  const author = note.authorName ?? t("gone");
  return (
    <li className="grid gap-1.5 px-4 py-3.5 sm:px-5">
      <div className="flex min-h-8 flex-wrap items-center gap-x-2 gap-y-1 text-13">
        <span className="font-medium text-text">{author}</span>
        <Time at={note.createdAt} show="dateTime" />
        {note.editedAt && (
          <span className="text-text-3">{t("edited", { time: format.dateTime(note.editedAt) })}</span>
        )}
        {note.pinned && (
          <Badge tone="hold">
            <Pin aria-hidden="true" strokeWidth={1.75} />
            {t("pinned")}
          </Badge>
        )}
        {mayPin && <NoteMenu note={note} author={author} onEdit={() => setEditing(true)} />}
      </div>
      {editing ? (
        <NoteEditor note={note} onDone={() => setEditing(false)} />
      ) : (
        <p className="max-w-prose text-14 break-words whitespace-pre-line text-text">{note.text}</p>
      )}
    </li>
  );
}

function useChange() {
  const problemText = useProblemText();
  const queries = useQueryClient();
  return async (work: Promise<unknown>): Promise<boolean> => {
    try {
      await work;
      return true;
    } catch (error) {
      toast.failure(problemText(error));
      return false;
    } finally {
      await queries.invalidateQueries({ queryKey: ["office"] });
    }
  };
}

function NoteMenu({ note, author, onEdit }: { note: NoteJson; author: string; onEdit: () => void }) {
  const t = useTranslations("officeCustomers.notes");
  const change = useChange();
  const [deleting, setDeleting] = useState(false);
  const path = `/admin/notes/${note.id}`;
  const Turn = note.pinned ? PinOff : Pin;
  return (
    <span className="ml-auto">
      <Menu
        trigger={<IconButton label={t("acts", { name: author })} icon={<Ellipsis strokeWidth={1.75} />} />}
      >
        <MenuItem onSelect={() => void change(api.patch(path, { pinned: !note.pinned }))}>
          <Turn strokeWidth={1.75} />
          {t(note.pinned ? "unpin" : "pin")}
        </MenuItem>
        {note.mine && (
          <>
            <MenuItem onSelect={onEdit}>
              <Pencil strokeWidth={1.75} />
              {t("edit")}
            </MenuItem>
            <MenuLine />
            <MenuItem danger onSelect={() => setDeleting(true)}>
              <Trash2 strokeWidth={1.75} />
              {t("delete")}
            </MenuItem>
          </>
        )}
      </Menu>
      <AskDialog
        open={deleting}
        onOpenChange={setDeleting}
        title={t("deleteTitle")}
        text={t("deleteText")}
        act={t("delete")}
        onAct={() => change(api.delete(path))}
      />
    </span>
  );
}

function NoteEditor({ note, onDone }: { note: NoteJson; onDone: () => void }) {
  const t = useTranslations("officeCustomers.notes");
  const common = useTranslations("common");
  const change = useChange();
  const id = useId();
  const [text, setText] = useState(note.text);
  const [busy, setBusy] = useState(false);
  const save = async () => {
    setBusy(true);
    const changed = await change(api.patch(`/admin/notes/${note.id}`, { text: text.trim() }));
    setBusy(false);
    if (changed) onDone();
  };
  return (
    <div className="grid gap-2">
      <Textarea
        id={id}
        aria-label={t("edit")}
        rows={3}
        maxLength={4000}
        value={text}
        onChange={(event) => setText(event.target.value)}
        className="min-h-20"
      />
      <span className="flex justify-end gap-2">
        <Button variant="secondary" size="sm" onClick={onDone} disabled={busy}>
          {common("cancel")}
        </Button>
        <Button size="sm" busy={busy} disabled={!text.trim()} onClick={() => void save()}>
          {t("save")}
        </Button>
      </span>
    </div>
  );
}
