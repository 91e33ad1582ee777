"use client";

import { CircleAlert, CircleCheck, X } from "lucide-react";
import { useTranslations } from "next-intl";
import { Toast as Radix } from "radix-ui";
import { useEffect } from "react";
import { create } from "zustand";
import { cn } from "#cn";
import { Kbd } from "./kbd";

type Message = {
  id: number;
  text: string;
  tone: "done" | "failure";
  /** Takes the act back; also answers ⌘Z while the toast stands. */
  undo?: () => void;
};

const useMessages = create<{ messages: readonly Message[] }>(() => ({ messages: [] }));
let lastId = 0;

function show(message: Omit<Message, "id">): void {
  lastId += 1;
  const id = lastId;
  useMessages.setState(({ messages }) => ({ messages: [...messages.slice(-2), { id, ...message }] }));
}

function dismiss(id: number): void {
  useMessages.setState(({ messages }) => ({ messages: messages.filter((message) => message.id !== id) }));
}

/** Says in a corner that something was done or failed. What matters beyond a glance belongs in the page. */
export const toast = {
  done: (text: string, options: { undo?: () => void } = {}): void => show({ text, tone: "done", ...options }),
  failure: (text: string): void => show({ text, tone: "failure" }),
};

/** Stands once, in the root layout. */
export function Toaster() {
  const t = useTranslations("common");
  const messages = useMessages((state) => state.messages);
  useUndoKey(messages);
  return (
    <Radix.Provider label={t("notifications")} swipeDirection="right" duration={5000}>
      {messages.map((message) => (
        <Radix.Root
          key={message.id}
          type={message.tone === "failure" ? "foreground" : "background"}
          duration={message.tone === "failure" || message.undo ? 8000 : 4000}
          onOpenChange={(open) => !open && dismiss(message.id)}
          className="flex animate-rise items-center gap-3 rounded-card border border-line bg-surface py-2.5 pr-2 pl-3.5 shadow-raised data-[swipe=move]:translate-x-(--radix-toast-swipe-move-x)"
        >
          {message.tone === "done" ? (
            <CircleCheck aria-hidden="true" className="size-4 shrink-0 text-text-2" strokeWidth={1.75} />
          ) : (
            <CircleAlert aria-hidden="true" className="size-4 shrink-0 text-danger" strokeWidth={1.75} />
          )}
          <Radix.Description className="grow text-14 text-text">{message.text}</Radix.Description>
          {message.undo && (
            <Radix.Action
              altText={t("undo")}
              onClick={message.undo}
              className="flex items-center gap-1.5 rounded-control px-2 py-1 text-13 font-medium hover:bg-hover"
            >
              {t("undo")} <Kbd>⌘Z</Kbd>
            </Radix.Action>
          )}
          <Radix.Close
            aria-label={t("close")}
            className="grid size-8 shrink-0 place-items-center rounded-control text-text-3 hover:bg-hover hover:text-text"
          >
            <X className="size-4" strokeWidth={1.75} />
          </Radix.Close>
        </Radix.Root>
      ))}
      <Radix.Viewport
        className={cn(
          "fixed right-4 bottom-20 z-60 flex w-[min(400px,calc(100vw-32px))] flex-col gap-2 outline-none lg:bottom-4",
        )}
      />
    </Radix.Provider>
  );
}

function useUndoKey(messages: readonly Message[]): void {
  useEffect(() => {
    const last = messages.findLast((message) => message.undo);
    if (!last) return;
    const listen = (event: KeyboardEvent) => {
      const typing =
        event.target instanceof Element && event.target.closest("input, textarea, [contenteditable]");
      if (typing || event.shiftKey || event.key.toLowerCase() !== "z" || !(event.metaKey || event.ctrlKey))
        return;
      event.preventDefault();
      last.undo?.();
      dismiss(last.id);
    };
    window.addEventListener("keydown", listen);
    return () => window.removeEventListener("keydown", listen);
  }, [messages]);
}
