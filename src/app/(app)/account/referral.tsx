"use client";

import { useTranslations } from "next-intl";
import { CopyButton } from "#ui/primitives/copy-button";
import { Field } from "#ui/primitives/field";
import { Input } from "#ui/primitives/input";
import { useFormat } from "#ui/use-format";

type ReferralProps = { link: string; credits: number; signedUp: number; rewarded: number; earned: number };

/** The customer's link, and what came of it. */
export function Referral({ link, credits, signedUp, rewarded, earned }: ReferralProps) {
  const t = useTranslations("account.referral");
  const format = useFormat();
  const figures = [
    { name: t("signedUp"), text: format.integer(signedUp) },
    { name: t("rewarded"), text: format.integer(rewarded) },
    { name: t("earned"), text: format.credits(earned) },
  ];
  return (
    <div className="grid gap-5 p-4 sm:p-5">
      <Field id="referral-link" label={t("link")} hint={t("rule", { credits: format.credits(credits) })}>
        <div className="flex flex-wrap gap-2">
          <Input
            id="referral-link"
            aria-describedby="referral-link-hint"
            readOnly
            value={link}
            onFocus={({ target }) => target.select()}
            className="min-w-0 grow basis-60 font-mono text-13"
          />
          <CopyButton text={link} label={t("copy")} wide />
        </div>
      </Field>
      <dl className="grid grid-cols-3 gap-4 border-t border-line pt-4">
        {figures.map(({ name, text }) => (
          <div key={name} className="grid content-start gap-0.5">
            <dt className="text-13 text-text-2">{name}</dt>
            <dd className="num text-16 font-semibold text-text">{text}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
