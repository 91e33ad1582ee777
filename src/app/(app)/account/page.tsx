import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import type { ReactNode } from "react";
import type { SessionJson } from "#api/contract";
import { readMailChoices, readReferrals } from "#credits";
import { listSessions, passwordLength, type Session } from "#identity";
import { config } from "#platform/config";
import { db } from "#platform/db";
import { Card, PageHeader } from "#ui/primitives/card";
import { requirePageSession } from "#ui/shell/session";
import { Devices } from "./devices";
import { MailChoices } from "./mail-choices";
import { PasswordForm } from "./password-form";
import { Preferences } from "./preferences";
import { ProfileForm } from "./profile-form";
import { Referral } from "./referral";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("account");
  return { title: t("title") };
}

export default async function AccountPage() {
  const session = await requirePageSession();
  const t = await getTranslations("account");
  const { name, email, emailVerified, timeZone } = session.user;
  const choices = await readMailChoices(db(), session.user.id);
  const referrals = await readReferrals(session.accountId);
  return (
    <>
      <PageHeader title={t("title")} />
      <div className="grid gap-10">
        <Section title={t("profile.title")} hint={t("profile.hint")}>
          <ProfileForm name={name} email={email} verified={emailVerified} />
        </Section>
        <Section title={t("preferences.title")} hint={t("preferences.hint")}>
          <Preferences timeZone={timeZone} timeZones={timeZones(timeZone)} />
        </Section>
        <Section title={t("mails.title")} hint={t("mails.hint")}>
          <MailChoices initial={choices} lowBalance={config().LOW_BALANCE_CREDITS} />
        </Section>
        {referrals && (
          <Section title={t("referral.title")} hint={t("referral.hint")}>
            <Referral {...referrals} earned={Number(referrals.earned)} />
          </Section>
        )}
        {/* Security is its owner's alone, not of staff who view the site as them. */}
        {!session.viewing && (
          <>
            <Section title={t("password.title")} hint={t("password.hint")}>
              <PasswordForm email={email} leastPassword={passwordLength.min} />
            </Section>
            <Section title={t("devices.title")} hint={t("devices.hint")}>
              <Devices initial={await listDevices(session)} />
            </Section>
          </>
        )}
      </div>
    </>
  );
}

async function listDevices(session: Session): Promise<SessionJson[]> {
  return (await listSessions(session)).map(({ createdAt, lastSeenAt, expiresAt, ...device }) => ({
    ...device,
    createdAt: createdAt.toISOString(),
    lastSeenAt: lastSeenAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
  }));
}

function Section({ title, hint, children }: { title: string; hint: string; children: ReactNode }) {
  return (
    <section className="grid gap-x-10 gap-y-4 lg:grid-cols-[240px_minmax(0,1fr)]">
      <div className="grid content-start gap-1">
        <h2 className="text-16 font-semibold text-text">{title}</h2>
        <p className="max-w-prose text-13 text-text-2">{hint}</p>
      </div>
      <Card className="max-w-2xl">{children}</Card>
    </section>
  );
}

/** The zones Intl knows, with the customer's own and UTC, which it leaves out. */
function timeZones(own: string): string[] {
  return [...new Set(["UTC", own, ...Intl.supportedValuesOf("timeZone")])].sort();
}
