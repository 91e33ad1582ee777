"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { BookmarkPlus, Ellipsis, Pencil, Trash2, Users } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { type ReactNode, useState } from "react";
import type { ViewJson } from "#api/contract";
import { api } from "#ui/api";
import { Button } from "#ui/primitives/button";
import { IconButton } from "#ui/primitives/icon-button";
import { Menu, MenuItem, MenuLabel, MenuLine } from "#ui/primitives/menu";
import { toast } from "#ui/primitives/toast";
import { useProblemText } from "#ui/problem-text";
import { isSame, viewsQuery } from "./segment-filter";
import { ViewDialog } from "./view-dialog";

type SavedViewsProps = {
  /** The page that the views open. */
  path: string;
  /** What the list is filtered by now. */
  filter: Record<string, string>;
};

/** One's own and the shared views as links; the one that is open is changed at its right. */
export function SavedViews({ path, filter }: SavedViewsProps) {
  const t = useTranslations("officeCustomers.views");
  const [dialog, setDialog] = useState<"save" | ViewJson | null>(null);
  const { data } = useQuery(viewsQuery);
  const views = data?.data ?? [];
  const open = views.find((view) => isSame(view.filter, filter));
  const filtered = Object.keys(filter).length > 0;
  return (
    <nav aria-label={t("label")} className="flex min-h-9 flex-wrap items-center gap-1.5">
      <ViewLink href={path} current={!filtered}>
        {t("all")}
      </ViewLink>
      {views.map((view) => (
        <ViewLink key={view.id} href={`${path}?${new URLSearchParams(view.filter)}`} current={view === open}>
          {view.name}
          {view.shared && (
            <Users aria-label={t("isShared", { name: view.ownerName })} className="size-3.5 text-text-3" />
          )}
        </ViewLink>
      ))}
      {open?.mine && <ViewMenu view={open} onRename={() => setDialog(open)} />}
      {filtered && !open && (
        <Button variant="quiet" size="sm" onClick={() => setDialog("save")}>
          <BookmarkPlus aria-hidden="true" strokeWidth={1.75} />
          {t("save")}
        </Button>
      )}
      <ViewDialog
        open={dialog !== null}
        onOpenChange={(stays) => !stays && setDialog(null)}
        view={dialog === "save" ? null : dialog}
        filter={filter}
      />
    </nav>
  );
}

type ViewLinkProps = { href: string; current: boolean; children: ReactNode };

function ViewLink({ href, current, children }: ViewLinkProps) {
  return (
    <Link
      href={href}
      aria-current={current ? "page" : undefined}
      className="inline-flex h-8 max-w-60 items-center gap-1.5 truncate rounded-control border border-line bg-surface px-2.5 text-13 text-text-2 transition-colors duration-120 hover:border-line-strong hover:text-text aria-[current=page]:border-line-strong aria-[current=page]:bg-hover aria-[current=page]:font-medium aria-[current=page]:text-text pointer-coarse:h-10"
    >
      {children}
    </Link>
  );
}

function ViewMenu({ view, onRename }: { view: ViewJson; onRename: () => void }) {
  const t = useTranslations("officeCustomers.views");
  const problemText = useProblemText();
  const queries = useQueryClient();
  const act = (work: Promise<unknown>, done: string) =>
    work
      .then(() => toast.done(done))
      .catch((error: unknown) => toast.failure(problemText(error)))
      .finally(() => queries.invalidateQueries({ queryKey: viewsQuery.queryKey }));
  const path = `/admin/customer-views/${view.id}`;
  const share = () =>
    act(
      api.patch(path, { shared: !view.shared }),
      t(view.shared ? "keptPrivate" : "shared", { name: view.name }),
    );
  return (
    <Menu
      align="start"
      trigger={<IconButton label={t("menu", { name: view.name })} icon={<Ellipsis strokeWidth={1.75} />} />}
    >
      <MenuLabel>{view.name}</MenuLabel>
      <MenuItem onSelect={onRename}>
        <Pencil strokeWidth={1.75} />
        {t("rename")}
      </MenuItem>
      <MenuItem onSelect={share}>
        <Users strokeWidth={1.75} />
        {t(view.shared ? "keepPrivate" : "share")}
      </MenuItem>
      <MenuLine />
      <MenuItem danger onSelect={() => act(api.delete(path), t("deleted", { name: view.name }))}>
        <Trash2 strokeWidth={1.75} />
        {t("delete")}
      </MenuItem>
    </Menu>
  );
}
