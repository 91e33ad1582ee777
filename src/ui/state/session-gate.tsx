"use client";

import { useQueryClient } from "@tanstack/react-query";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useEffect, useRef, useState } from "react";
import { api, onSignedOut, signedOutEvent } from "#ui/api";
import { askAuth } from "#ui/identity/auth-client";
import { SignInForm } from "#ui/identity/sign-in-form";
import { Dialog } from "#ui/primitives/dialog";

type SessionGateProps = {
  /** Who the page was made for; null for a visitor. */
  user: { id: string; email: string } | null;
};

/**
 * Signing in over the page. When the API answers that nobody is signed in, a dialog asks, the page with
 * what was typed stays below it, and the request that was refused is sent again afterwards. Also renews
 * the session, which only the browser can: a server component cannot set the cookie.
 */
export function SessionGate({ user }: SessionGateProps) {
  const t = useTranslations("auth.gate");
  const router = useRouter();
  const queries = useQueryClient();
  const [open, setOpen] = useState(false);
  const waiting = useRef<((signedIn: boolean) => void)[]>([]);
  const settle = (signedIn: boolean) => {
    setOpen(false);
    for (const resolve of waiting.current.splice(0)) resolve(signedIn);
  };

  useEffect(() => {
    const show = () => setOpen(true);
    onSignedOut(() => {
      show();
      return new Promise((resolve) => waiting.current.push(resolve));
    });
    window.addEventListener(signedOutEvent, show);
    return () => {
      onSignedOut(null);
      window.removeEventListener(signedOutEvent, show);
    };
  }, []);

  const signedInBefore = user !== null;
  useEffect(() => {
    // A failure shows at the next request that needs the session.
    if (signedInBefore) askAuth("/get-session").catch(() => undefined);
  }, [signedInBefore]);

  const onSignedIn = async () => {
    const me = await api.get<{ user: { id: string } }>("/me", { quiet: true }).catch(() => null);
    // Somebody else must not see, or send, what the first had on the page.
    if (user && me?.user.id !== user.id) return location.reload();
    settle(true);
    await queries.invalidateQueries();
    router.refresh();
  };

  return (
    <Dialog
      open={open}
      onOpenChange={(next) => !next && settle(false)}
      title={t("title")}
      description={user ? t("text") : undefined}
    >
      <SignInForm onSignedIn={onSignedIn} {...(user && { email: user.email })} />
      {!user && (
        <p className="pt-4 text-center text-13 text-text-2">
          {t("other")}{" "}
          <Link href="/sign-up" className="font-medium text-text underline underline-offset-2">
            {t("signUp")}
          </Link>
        </p>
      )}
    </Dialog>
  );
}
