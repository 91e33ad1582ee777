"use client";

import { Command } from "cmdk";
import { FileText, Languages, type LucideIcon, Play, Search, SunMoon } from "lucide-react";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { Dialog } from "radix-ui";
import { type ReactNode, useEffect, useState } from "react";
import { create } from "zustand";
import { cn } from "#cn";
import { locales } from "#i18n/locale";
import { mayLeave } from "#ui/leave";
import { type OfficePage, officePages } from "#ui/office/pages";
import { languageNames, useLanguage, useTheme } from "#ui/preferences";
import { Kbd } from "#ui/primitives/kbd";
import { useReturnFocus } from "#ui/primitives/return-focus";
import { navItems } from "#ui/shell/nav";
import { themes } from "#ui/theme";

/** A tool as the palette lists it. */
export type PaletteTool = { slug: string; name: string; summary: string };

type PaletteProps = {
  tools: readonly PaletteTool[];
  /** The back office's pages that this person may open. */
  office: readonly OfficePage[];
};

const usePalette = create<{ open: boolean }>(() => ({ open: false }));
const setOpen = (open: boolean): void => usePalette.setState({ open });

/** Opens the palette by pointer, and tells its key. */
export function CommandButton({ className }: { className?: string }) {
  const t = useTranslations("common.command");
  const shell = useTranslations("shell");
  return (
    <button
      type="button"
      onClick={() => setOpen(true)}
      aria-label={t("open")}
      className={cn(
        "flex h-9 items-center gap-2 rounded-control border border-line bg-surface px-2.5 text-13 text-text-3 transition-colors duration-120 hover:border-line-strong hover:text-text pointer-coarse:h-11",
        className,
      )}
    >
      <Search aria-hidden="true" className="size-4" strokeWidth={1.75} />
      <span className="max-xl:hidden">{shell("findTools")}</span>
      <Kbd className="max-sm:hidden">⌘K</Kbd>
    </button>
  );
}

/** ⌘K: finds pages, tools and runs by their id, and changes language and theme. Esc gives the focus back. */
export function CommandPalette({ tools, office }: PaletteProps) {
  const t = useTranslations("common.command");
  const open = usePalette((state) => state.open);
  const [query, setQuery] = useState("");
  const focus = useReturnFocus();
  useOpenKey();
  useEffect(() => {
    if (!open) setQuery("");
  }, [open]);
  return (
    <Dialog.Root open={open} onOpenChange={setOpen}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 animate-fade bg-shade" />
        <Dialog.Content
          {...focus}
          aria-describedby={undefined}
          className="fixed top-[min(16vh,140px)] left-1/2 z-50 w-[calc(100vw-32px)] max-w-xl -translate-x-1/2 animate-fade overflow-hidden rounded-dialog border border-line bg-surface shadow-raised outline-none"
        >
          <Dialog.Title className="sr-only">{t("title")}</Dialog.Title>
          <Command label={t("title")} loop filter={closeness}>
            <div className="flex items-center gap-3 border-b border-line px-4">
              <Search aria-hidden="true" className="size-4 text-text-3" strokeWidth={1.75} />
              <Command.Input
                value={query}
                onValueChange={setQuery}
                placeholder={t("placeholder")}
                className="h-12 w-full bg-transparent text-16 text-text outline-none placeholder:text-text-3"
              />
              <Kbd>Esc</Kbd>
            </div>
            <Command.List className="max-h-[min(420px,60vh)] overflow-y-auto p-1.5">
              <Command.Empty className="px-3 py-8 text-center text-14 text-text-2">
                {t("noResult", { query })}
              </Command.Empty>
              <PaletteItems tools={tools} office={office} query={query} />
            </Command.List>
          </Command>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

/**
 * How well an item fits: every word must begin a word of it or stand in it, early ones count more. cmdk's own
 * measure takes letters from anywhere, so that "pricing" would find a tool first.
 */
function closeness(value: string, search: string): number {
  const text = value.toLowerCase();
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  let score = 1;
  for (const word of words) {
    const at = text.indexOf(word);
    if (at < 0) return 0;
    const starts = at === 0 || /[\s/_-]/.test(text.charAt(at - 1));
    score *= (starts ? 1 : 0.5) * (1 - at / (2 * text.length));
  }
  return score;
}

function PaletteItems({ tools, office, query }: PaletteProps & { query: string }) {
  const t = useTranslations("common");
  const nav = useTranslations("shell.nav");
  const router = useRouter();
  const language = useLanguage();
  const theme = useTheme();
  const act = (work: () => void) => () => {
    setOpen(false);
    work();
  };
  const go = (href: string) => act(() => mayLeave(href) && router.push(href));
  const runId = /^run_[0-9a-z]+$/.test(query.trim()) ? query.trim() : null;
  return (
    <>
      {runId && (
        <Item icon={Play} value={runId} onSelect={go(`/runs/${runId}`)}>
          {t("command.openRun", { id: runId })}
        </Item>
      )}
      {tools.length > 0 && (
        <Group heading={t("command.tools")}>
          {tools.map(({ slug, name, summary }) => (
            <Item key={slug} icon={Play} value={`${name} ${slug} ${summary}`} onSelect={go(`/tools/${slug}`)}>
              {name}
              <span className="truncate text-13 text-text-3">{summary}</span>
            </Item>
          ))}
        </Group>
      )}
      <Group heading={t("command.pages")}>
        {navItems.map(({ href, name, icon, key }) => (
          <Item
            key={href}
            icon={icon}
            value={`${nav(name)} ${name}`}
            onSelect={go(href)}
            keys={["G", key.toUpperCase()]}
          >
            {nav(name)}
          </Item>
        ))}
        <Item icon={FileText} value={`${nav("docs")} docs`} onSelect={go("/docs")}>
          {nav("docs")}
        </Item>
        <Item icon={FileText} value={`${nav("pricing")} pricing`} onSelect={go("/pricing")}>
          {nav("pricing")}
        </Item>
      </Group>
      {office.length > 0 && <OfficeItems office={office} query={query} go={go} />}
      <Group heading={t("command.actions")}>
        {locales
          .filter((locale) => locale !== language.locale)
          .map((locale) => (
            <Item
              key={locale}
              icon={Languages}
              value={`${t("language")} ${languageNames[locale]} language`}
              onSelect={act(() => language.change(locale))}
            >
              {t("language")}: {languageNames[locale]}
            </Item>
          ))}
        {themes.map((name) => (
          <Item
            key={name}
            icon={SunMoon}
            value={`${t("theme.label")} ${t(`theme.${name}`)} theme ${name}`}
            onSelect={act(() => theme.change(name))}
          >
            {t("theme.label")}: {t(`theme.${name}`)}
          </Item>
        ))}
      </Group>
    </>
  );
}

type OfficeItemsProps = Pick<PaletteProps, "office"> & {
  query: string;
  go: (href: string) => () => void;
};

function OfficeItems({ office, query, go }: OfficeItemsProps) {
  const t = useTranslations("office");
  return (
    <Group heading={t("title")}>
      {officePages
        .filter(({ name }) => office.includes(name))
        .map(({ href, name, icon }) => (
          <Item
            key={href}
            icon={icon}
            value={`${t(`nav.${name}`)} ${t("title")} admin ${name}`}
            onSelect={go(href)}
          >
            {t(`nav.${name}`)}
          </Item>
        ))}
      {office.includes("customers") && query.trim() && (
        <Item
          icon={Search}
          value={`${query} ${t("nav.customers")}`}
          onSelect={go(`/admin/customers?q=${encodeURIComponent(query.trim())}`)}
        >
          {t("findCustomer", { query: query.trim() })}
        </Item>
      )}
    </Group>
  );
}

function Group({ heading, children }: { heading: string; children: ReactNode }) {
  return (
    <Command.Group
      heading={heading}
      className="pb-1 [&_[cmdk-group-heading]]:px-2.5 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-12 [&_[cmdk-group-heading]]:text-text-3"
    >
      {children}
    </Command.Group>
  );
}

type ItemProps = {
  icon: LucideIcon;
  value: string;
  onSelect: () => void;
  keys?: readonly string[];
  children: ReactNode;
};

function Item({ icon: Icon, value, onSelect, keys, children }: ItemProps) {
  return (
    <Command.Item
      value={value}
      onSelect={onSelect}
      className="flex min-h-10 cursor-pointer items-center gap-3 rounded-field px-2.5 text-14 whitespace-nowrap text-text data-[selected=true]:bg-hover"
    >
      <Icon aria-hidden="true" className="size-4 shrink-0 text-text-3" strokeWidth={1.75} />
      {children}
      {keys && (
        <span aria-hidden="true" className="ml-auto flex gap-1">
          {keys.map((key) => (
            <Kbd key={key}>{key}</Kbd>
          ))}
        </span>
      )}
    </Command.Item>
  );
}

function useOpenKey(): void {
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => {
      if (event.key.toLowerCase() !== "k" || !(event.metaKey || event.ctrlKey) || event.shiftKey) return;
      event.preventDefault();
      setOpen(!usePalette.getState().open);
    };
    window.addEventListener("keydown", listen);
    return () => window.removeEventListener("keydown", listen);
  }, []);
}
