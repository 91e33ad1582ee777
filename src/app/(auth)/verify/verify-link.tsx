"use client";

import { BadgeCheck, Unlink } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { useEffect, useState } from "react";
import { Problem } from "#ui/api";
import { Spinner } from "#ui/icons";
import { askAuth, keepNext, keptNext, withNext } from "#ui/identity/auth-client";
import { AuthFooter, AuthHeading } from "#ui/identity/headings";
import { Button } from "#ui/primitives/button";
import { Failure } from "#ui/state/states";
import { ResendForm } from "./resend-form";

type Answer = { result: "confirmed" | "used"; signedIn: boolean };
type State = { name: "asking" } | { name: "answered"; answer: Answer } | { name: "failed"; error: unknown };

/** A token is sent once however often React mounts the page: the second answer would be "used". */
const asked = new Map<string, Promise<Answer>>();

function confirm(token: string): Promise<Answer> {
  const known = asked.get(token);
  if (known) return known;
  const answer = askAuth<Answer>("/verify-email", { token });
  asked.set(token, answer);
  answer.catch(() => asked.delete(token));
  return answer;
}

type VerifyLinkProps = { token: string; credits: number; mailbox: boolean };

/**
 * Confirms the address by the link of the mail. The page asks, not the link itself: programs that follow
 * every link of a mail to check it would use it up.
 */
export function VerifyLink({ token, credits, mailbox }: VerifyLinkProps) {
  const t = useTranslations("auth.verify");
  const [state, setState] = useState<State>({ name: "asking" });
  const [tries, setTries] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another try asks again
  useEffect(() => {
    let left = false;
    confirm(token).then(
      (answer) => !left && setState({ name: "answered", answer }),
      (error: unknown) => !left && setState({ name: "failed", error }),
    );
    return () => {
      left = true;
    };
  }, [token, tries]);

  if (state.name === "answered") return <Confirmed {...state.answer} credits={credits} />;
  if (state.name === "asking") {
    return (
      <div role="status" className="flex min-h-40 items-center justify-center gap-3 text-14 text-text-2">
        <Spinner />
        {t("asking")}
      </div>
    );
  }
  if (state.error instanceof Problem && state.error.code === "link_invalid") {
    return (
      <div role="status">
        <AuthHeading icon={<Unlink strokeWidth={1.75} />} title={t("invalidTitle")} text={t("invalidText")} />
        <ResendForm mailbox={mailbox} />
        <AuthFooter>
          <Link href="/sign-in">{t("signIn")}</Link>
        </AuthFooter>
      </div>
    );
  }
  return (
    <Failure
      error={state.error}
      title={t("failedTitle")}
      onRetry={() => {
        setState({ name: "asking" });
        setTries(tries + 1);
      }}
    />
  );
}

type ConfirmedProps = { result?: Answer["result"]; signedIn: boolean; credits: number };

/** The address is confirmed: on to the tools, or to sign in where this browser did not sign up. */
export function Confirmed({ result = "used", signedIn, credits }: ConfirmedProps) {
  const t = useTranslations("auth.verify");
  const isNew = result === "confirmed";
  const [next, setNext] = useState<string | null>(null);
  useEffect(() => setNext(keptNext()), []);
  return (
    <div role="status">
      <AuthHeading
        icon={<BadgeCheck strokeWidth={1.75} />}
        title={t(isNew ? "confirmedTitle" : "usedTitle")}
        text={isNew ? t("confirmedText", { credits }) : t("usedText")}
      />
      <Button asChild size="lg" className="w-full">
        <a href={signedIn ? (next ?? "/tools") : withNext("/sign-in", next)} onClick={() => keepNext(null)}>
          {t(signedIn ? (next ? "goOn" : "chooseTool") : "signIn")}
        </a>
      </Button>
      {signedIn && (
        <AuthFooter>
          <a href="/dashboard">{t("dashboard")}</a>
        </AuthFooter>
      )}
    </div>
  );
}
