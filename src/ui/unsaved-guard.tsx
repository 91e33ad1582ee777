"use client";

import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useEffect, useState } from "react";
import { onLeaving } from "#ui/leave";
import { Button } from "#ui/primitives/button";
import { Dialog } from "#ui/primitives/dialog";

/** Asks before a page with unsaved changes is left: by a link, a command, by closing it or loading it anew. */
export function UnsavedGuard({ unsaved }: { unsaved: boolean }) {
  const t = useTranslations("common.leave");
  const router = useRouter();
  const [wanted, setWanted] = useState<string | null>(null);
  useEffect(() => {
    if (!unsaved) return;
    const askBrowser = (event: BeforeUnloadEvent) => event.preventDefault();
    const askHere = (event: MouseEvent) => {
      const away = leadsAway(event);
      if (!away) return;
      event.preventDefault();
      event.stopPropagation();
      setWanted(away);
    };
    window.addEventListener("beforeunload", askBrowser);
    // Before the link's own handler, which would go at once.
    document.addEventListener("click", askHere, { capture: true });
    const end = onLeaving(setWanted);
    return () => {
      end();
      window.removeEventListener("beforeunload", askBrowser);
      document.removeEventListener("click", askHere, { capture: true });
    };
  }, [unsaved]);
  const leave = () => {
    if (wanted) router.push(wanted);
    setWanted(null);
  };
  return (
    <Dialog
      open={wanted !== null}
      onOpenChange={(open) => !open && setWanted(null)}
      title={t("title")}
      description={t("text")}
      footer={
        <>
          <Button variant="secondary" onClick={() => setWanted(null)}>
            {t("stay")}
          </Button>
          <Button variant="danger" onClick={leave}>
            {t("go")}
          </Button>
        </>
      }
    />
  );
}

/** Where a plain click on a link leads; null when this page stays: it opens another window, or only other filters. */
function leadsAway(event: MouseEvent): string | null {
  const { target, button, metaKey, ctrlKey, shiftKey, altKey } = event;
  if (button !== 0 || metaKey || ctrlKey || shiftKey || altKey || !(target instanceof Element)) return null;
  const link = target.closest("a[href]");
  if (!(link instanceof HTMLAnchorElement) || link.target === "_blank" || link.hasAttribute("download")) {
    return null;
  }
  const { origin, pathname } = window.location;
  if (link.origin !== origin || link.pathname === pathname) return null;
  return link.pathname + link.search + link.hash;
}
