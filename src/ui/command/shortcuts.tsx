"use client";

import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useEffect, useRef, useState } from "react";
import { mayLeave } from "#ui/leave";
import { Dialog } from "#ui/primitives/dialog";
import { Kbd } from "#ui/primitives/kbd";
import { navItems } from "#ui/shell/nav";

const chordMs = 1_200;

/** What takes letters as text; a file, range, tick or choice does not. */
const takesText =
  "textarea, select, [contenteditable], input:not([type=file], [type=range], [type=checkbox], [type=radio])";

/** True where single keys are text or belong to an open layer. */
function busy(target: EventTarget | null): boolean {
  if (target instanceof Element && target.closest(takesText)) return true;
  return document.querySelector("[role=dialog], [role=menu], [role=alertdialog]") !== null;
}

/** Single keys of every page: G then a letter goes, / focuses the page's search, ? lists them all. */
export function Shortcuts() {
  const router = useRouter();
  const [listed, setListed] = useState(false);
  const chordAt = useRef(0);
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => {
      if (event.metaKey || event.ctrlKey || event.altKey || event.defaultPrevented || busy(event.target))
        return;
      const key = event.key.toLowerCase();
      const item = navItems.find((known) => known.key === key);
      if (item && performance.now() - chordAt.current < chordMs) {
        chordAt.current = 0;
        event.preventDefault();
        if (mayLeave(item.href)) router.push(item.href);
      } else if (key === "g") {
        chordAt.current = performance.now();
      } else if (key === "/") {
        const search = document.querySelector<HTMLInputElement>("[data-search]");
        if (!search) return;
        event.preventDefault();
        search.focus();
        search.select();
      } else if (key === "?") {
        event.preventDefault();
        setListed(true);
      }
    };
    window.addEventListener("keydown", listen);
    return () => window.removeEventListener("keydown", listen);
  }, [router]);
  return <ShortcutList open={listed} onOpenChange={setListed} />;
}

/** Every shortcut, in words. */
export function ShortcutList({
  open,
  onOpenChange,
}: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
}) {
  const t = useTranslations("common.command");
  const nav = useTranslations("shell.nav");
  const rows = [
    { keys: ["⌘ K"], text: t("open") },
    { keys: ["/"], text: t("focusSearch") },
    { keys: ["⌘ ↵"], text: t("runTool") },
    ...navItems.map(({ name, key }) => ({
      keys: ["G", key.toUpperCase()],
      text: t("go", { page: nav(name) }),
    })),
    { keys: ["Esc"], text: t("closeAny") },
    { keys: ["?"], text: t("help") },
  ];
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title={t("shortcuts")}>
      <dl className="grid divide-y divide-line">
        {rows.map(({ keys, text }) => (
          <div key={text} className="flex min-h-10 items-center justify-between gap-4">
            <dt className="text-14 text-text-2">{text}</dt>
            <dd className="flex items-center gap-1.5 text-12 text-text-3">
              {keys.map((key, position) => (
                <span key={key} className="inline-flex items-center gap-1.5">
                  {position > 0 && t("then")}
                  <Kbd>{key}</Kbd>
                </span>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
