"use client";

import { useQuery } from "@tanstack/react-query";
import { Check, X } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { cn } from "#cn";
import { keepPreference } from "#ui/cookie";
import { entrySumsQuery } from "#ui/credits/queries";
import { Button } from "#ui/primitives/button";
import { Card } from "#ui/primitives/card";
import { IconButton } from "#ui/primitives/icon-button";
import { stepsCookie } from "./steps-cookie";

const consumed = { kind: "consumed", tool: null, from: null, to: null } as const;

type Step = { name: "verify" | "run" | "look"; done: boolean; href: string };

/** The first visit's three steps: confirm the mail, run a tool, see where each credit went. */
export function FirstSteps({ verified }: { verified: boolean }) {
  const t = useTranslations("dashboard.steps");
  const [hidden, setHidden] = useState(false);
  const { data: sums } = useQuery(entrySumsQuery(consumed));
  if (hidden) return null;
  const hide = () => {
    keepPreference(stepsCookie, "hidden");
    setHidden(true);
  };
  const ran = sums !== undefined && sums.count > 0;
  const steps: Step[] = [
    { name: "verify", done: verified, href: "/verify" },
    { name: "run", done: ran, href: "/tools" },
    { name: "look", done: false, href: "/credits" },
  ];
  const next = steps.find(({ done }) => !done)?.name;
  return (
    <Card aria-labelledby="steps-title">
      <header className="flex items-center justify-between gap-4 px-4 pt-3 sm:px-5">
        <h2 id="steps-title" className="text-14 font-semibold text-text">
          {t("title")}
          <span className="ml-2 font-normal text-text-3">
            {t("progress", { done: steps.filter(({ done }) => done).length, total: steps.length })}
          </span>
        </h2>
        <IconButton size="sm" label={t("dismiss")} icon={<X strokeWidth={1.75} />} onClick={hide} />
      </header>
      <ol className="grid gap-4 px-4 pt-2 pb-4 sm:px-5 sm:pb-5 md:grid-cols-3 md:gap-6">
        {steps.map(({ name, done, href }, place) => (
          <li key={name} className="flex items-start gap-3">
            <StepMark number={place + 1} done={done} current={name === next} />
            <div className="grid min-w-0 justify-items-start gap-1">
              <p className={cn("text-14 font-medium", done ? "text-text-2" : "text-text")}>
                {t(name)}
                {done && <span className="sr-only"> ({t("done")})</span>}
              </p>
              {!done && <p className="text-13 text-text-2">{t(`${name}Text`)}</p>}
              {name === next && (
                <Button asChild size="sm" variant={place === 0 ? "secondary" : "primary"} className="mt-1.5">
                  <Link href={href} {...(name === "look" && { onClick: hide })}>
                    {t(`${name}Action`)}
                  </Link>
                </Button>
              )}
            </div>
          </li>
        ))}
      </ol>
    </Card>
  );
}

function StepMark({ number, done, current }: { number: number; done: boolean; current: boolean }) {
  return (
    <span
      aria-hidden="true"
      className={cn(
        "num grid size-6 shrink-0 place-items-center rounded-full border text-12 font-medium",
        done && "border-line bg-sunken text-text-2",
        current && "border-primary bg-primary text-on-primary",
        !done && !current && "border-line-strong text-text-3",
      )}
    >
      {done ? <Check className="size-3.5" strokeWidth={2.5} /> : number}
    </span>
  );
}
