"use client";

import Link from "next/link";
import { useTranslations } from "next-intl";
import type { WelcomeJson } from "#api/contract";
import { Time } from "#ui/data/cells";
import { Badge } from "#ui/primitives/badge";
import { Button } from "#ui/primitives/button";
import { Checkbox } from "#ui/primitives/toggle";
import type { Decision } from "./decide-dialog";

type WelcomeRowProps = {
  welcome: WelcomeJson;
  mayAct: boolean;
  chosen: boolean;
  onChoose: (on: boolean) => void;
  onDecide: (decision: Decision) => void;
};

/** One sign-up: who, why it waits, and who else came from there. */
export function WelcomeRow({ welcome, mayAct, chosen, onChoose, onDecide }: WelcomeRowProps) {
  const t = useTranslations("officeWelcomes");
  const { id, email, name, signals, judgedAt, decidedAt, sameNetwork, others } = welcome;
  const who = (
    <span className="wrap-anywhere">
      <Link href={`/admin/customers/${id}`} className="font-medium underline-offset-4 hover:underline">
        {email}
      </Link>{" "}
      <span className="text-13 text-text-3">{name}</span>
    </span>
  );
  return (
    <li className="grid gap-2.5 px-4 py-4 sm:px-5" data-testid="welcome">
      <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-1">
        {mayAct ? (
          <Checkbox
            id={`choose-${id}`}
            aria-label={t("choose", { mail: email })}
            label={who}
            checked={chosen}
            onCheckedChange={(on) => onChoose(on === true)}
          />
        ) : (
          who
        )}
        <Time at={decidedAt ?? judgedAt} />
      </div>
      <div className="flex flex-wrap gap-1.5">
        {signals.map((signal) => (
          <Badge key={signal}>
            {t(`signal.${signal}`)}
            {signal === "domain" && `: ${welcome.domain}`}
          </Badge>
        ))}
      </div>
      {sameNetwork > 0 && (
        <p className="text-13 wrap-anywhere text-text-2">
          {t("others", { count: sameNetwork })}{" "}
          {others.map((other, index) => (
            <span key={other.id}>
              {index > 0 && ", "}
              <Link
                href={`/admin/customers/${other.id}`}
                className="underline decoration-line-strong underline-offset-4 hover:text-text"
              >
                {other.email}
              </Link>
            </span>
          ))}
          {sameNetwork > others.length && ` ${t("more")}`}
        </p>
      )}
      {mayAct && (
        <div className="flex gap-2">
          <Button size="sm" variant="secondary" onClick={() => onDecide("given")}>
            {t("give")}
          </Button>
          <Button size="sm" variant="quiet" onClick={() => onDecide("refused")}>
            {t("refuse")}
          </Button>
        </div>
      )}
    </li>
  );
}
