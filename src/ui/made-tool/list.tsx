"use client";

import { ArrowDown, ArrowUp, Trash2 } from "lucide-react";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { IconButton } from "#ui/primitives/icon-button";

type ItemProps<T> = {
  list: readonly T[];
  at: number;
  /** What its buttons call it. */
  name: string;
  title: ReactNode;
  onChange: (list: T[]) => void;
  /** The last one stays. */
  needed?: boolean;
  disabled: boolean;
  children: ReactNode;
};

/** One of a list: its head with what moves and removes it, and its content. */
export function ListItem<T>({ list, at, name, title, onChange, needed, disabled, children }: ItemProps<T>) {
  const t = useTranslations("officeMade");
  const move = (to: number) => {
    const item = list[at];
    if (item === undefined) return;
    onChange(list.toSpliced(at, 1).toSpliced(to, 0, item));
  };
  return (
    <li className="grid min-w-0 gap-4 rounded-card border border-line p-4">
      <div className="flex min-w-0 items-center justify-between gap-2">
        <h3 className="min-w-0 truncate text-14 font-medium">{title}</h3>
        {!disabled && (
          <span className="flex shrink-0">
            <IconButton
              size="sm"
              label={t("up", { name })}
              icon={<ArrowUp strokeWidth={1.75} />}
              disabled={at === 0}
              onClick={() => move(at - 1)}
            />
            <IconButton
              size="sm"
              label={t("down", { name })}
              icon={<ArrowDown strokeWidth={1.75} />}
              disabled={at === list.length - 1}
              onClick={() => move(at + 1)}
            />
            <IconButton
              size="sm"
              label={t("remove", { name })}
              icon={<Trash2 strokeWidth={1.75} />}
              disabled={needed && list.length === 1}
              onClick={() => onChange(list.toSpliced(at, 1))}
            />
          </span>
        )}
      </div>
      {children}
    </li>
  );
}
