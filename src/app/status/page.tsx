import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import { cn } from "#cn";
import { type Incident, type PartStatus, readStatus, type Status } from "#insight";
import { log } from "#platform/log";
import { serverFormat } from "#ui/server-format";
import { pageMetadata } from "#ui/shell/metadata";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("status");
  return pageMetadata({ path: "/status", title: t("title"), description: t("description") });
}

/**
 * How the site fares, from its own probes. It asks neither the API nor a script, and without the database it still
 * says that nothing is known.
 */
export default async function StatusPage() {
  const t = await getTranslations("status");
  const status = await readStatus().catch((error: unknown) => {
    log().warn({ err: error }, "the status page could not be read");
    return null;
  });
  const { tone, sentence } = await summaryOf(status);
  const at = status?.at ?? new Date();
  return (
    <div className="mx-auto grid w-full max-w-3xl gap-8 px-4 py-10 md:py-14">
      <header className="grid gap-4">
        <h1 className="font-display text-30 font-semibold">{t("title")}</h1>
        <p
          data-testid="status-sentence"
          className={cn("rounded-card border px-5 py-4 text-16 font-medium", banner[tone])}
        >
          {sentence}
        </p>
        <p className="text-13 text-text-3">{t.rich("looked", { moment: () => <Moment at={at} /> })}</p>
      </header>
      {status && (
        <section
          aria-label={t("parts")}
          className="grid gap-6 rounded-card border border-line bg-surface p-5"
        >
          {status.parts.map((part) => (
            <PartRow key={part.part} status={part} />
          ))}
          <Legend />
        </section>
      )}
      <section aria-labelledby="incidents" className="grid gap-4">
        <h2 id="incidents" className="text-18 font-semibold">
          {t("incidents")}
        </h2>
        {status && status.incidents.length > 0 ? (
          status.incidents.map((incident) => <IncidentCard key={incident.id} incident={incident} />)
        ) : (
          <p className="text-14 text-text-2">{t(status ? "noIncidents" : "incidentsUnknown")}</p>
        )}
      </section>
    </div>
  );
}

type Tone = "ok" | "down" | "unknown";

const banner: Record<Tone, string> = {
  ok: "border-ok/40 bg-ok-soft text-ok",
  down: "border-danger/40 bg-danger-soft text-danger",
  unknown: "border-line bg-sunken text-text-2",
};

/** One sentence: what does not work, or that all does, or that nobody knows. */
async function summaryOf(status: Status | null): Promise<{ tone: Tone; sentence: string }> {
  const t = await getTranslations("status");
  if (!status) return { tone: "unknown", sentence: t("unreadable") };
  const names = (of: readonly PartStatus[]) =>
    new Intl.ListFormat(t("listLocale")).format(of.map(({ part }) => t(`part.${part}`)));
  const down = status.parts.filter(({ up }) => up === false);
  if (down.length > 0) {
    return { tone: "down", sentence: t("down", { parts: names(down), count: down.length }) };
  }
  if (status.incidents.some(({ resolvedAt }) => resolvedAt === null)) {
    return { tone: "down", sentence: t("incidentOpen") };
  }
  if (status.parts.every(({ up }) => up === null)) return { tone: "unknown", sentence: t("unknown") };
  const unknown = status.parts.filter(({ up }) => up === null);
  if (unknown.length > 0) return { tone: "unknown", sentence: t("partlyUnknown", { parts: names(unknown) }) };
  return { tone: "ok", sentence: t("ok") };
}

async function PartRow({ status: { part, up, days, uptime } }: { status: PartStatus }) {
  const t = await getTranslations("status");
  const format = await serverFormat();
  const now = up === null ? "unknown" : up ? "ok" : "down";
  const share = uptime === null ? t("uptimeUnknown") : t("uptime", { share: format.uptime(uptime) });
  const troubled = days.filter(({ down }) => down > 0).length;
  return (
    <div className="grid gap-2">
      <div className="flex items-baseline justify-between gap-3">
        <h2 className="text-14 font-semibold">{t(`part.${part}`)}</h2>
        <span className={cn("text-13 font-medium", nowTone[now])}>{t(`now.${now}`)}</span>
      </div>
      <div
        role="img"
        aria-label={t("bars", { part: t(`part.${part}`), share, troubled })}
        className="flex h-8 gap-px sm:gap-0.5"
      >
        {days.map(({ day, up, down }) => (
          <span
            key={day}
            title={`${format.date(`${day}T12:00:00Z`)}: ${dayText(t, up, down)}`}
            className={cn("min-w-0 flex-1 rounded-[2px]", dayTone(up, down))}
          />
        ))}
      </div>
      <div className="flex justify-between text-12 text-text-3">
        <span>{t("daysAgo")}</span>
        <span>{share}</span>
        <span>{t("today")}</span>
      </div>
    </div>
  );
}

const nowTone = { ok: "text-ok", down: "text-danger", unknown: "text-text-3" } as const;

/** Red from an hour in a day on; below it is amber. */
const muchMinutes = 60;

function dayTone(up: number, down: number): string {
  if (up + down === 0) return "bg-line";
  if (down === 0) return "bg-ok";
  return down >= muchMinutes ? "bg-danger" : "bg-hold";
}

type Words = Awaited<ReturnType<typeof getTranslations<"status">>>;

function dayText(t: Words, up: number, down: number): string {
  if (up + down === 0) return t("day.unknown");
  return down === 0 ? t("day.ok") : t("day.down", { minutes: down });
}

/** Never rounded up to all of it: 99.99% is what it says. */
async function Legend() {
  const t = await getTranslations("status");
  const entries = [
    ["bg-ok", "legend.ok"],
    ["bg-hold", "legend.some"],
    ["bg-danger", "legend.much"],
    ["bg-line", "legend.unknown"],
  ] as const;
  return (
    <ul className="flex flex-wrap gap-x-5 gap-y-1 border-t border-line pt-4 text-12 text-text-2">
      {entries.map(([tone, word]) => (
        <li key={word} className="inline-flex items-center gap-1.5">
          <span aria-hidden="true" className={cn("size-2.5 rounded-[2px]", tone)} />
          {t(word)}
        </li>
      ))}
    </ul>
  );
}

async function IncidentCard({ incident }: { incident: Incident }) {
  const { part, titleEn, titleZh, startedAt, resolvedAt, updates } = incident;
  const t = await getTranslations("status");
  const zh = (await getLocale()) === "zh";
  const title = (zh ? titleZh : titleEn) ?? t("probeTitle", { part: part ? t(`part.${part}`) : t("site") });
  return (
    <article className="grid gap-3 rounded-card border border-line bg-surface p-5">
      <header className="grid gap-0.5">
        <h3 className="text-14 font-semibold">{title}</h3>
        <p className="text-13 text-text-2">
          <Moment at={startedAt} /> – {resolvedAt ? <Moment at={resolvedAt} /> : t("stillOpen")}
        </p>
      </header>
      {updates.length > 0 && (
        <ol className="grid gap-2 border-l border-line pl-4 text-14">
          {updates.map(({ id, state, textEn, textZh, createdAt }) => (
            <li key={id}>
              <strong className="font-semibold">{t(`state.${state}`)}</strong>{" "}
              <span className="text-12 text-text-3">
                <Moment at={createdAt} />
              </span>
              <p className="break-words whitespace-pre-line text-text-2">{zh ? textZh : textEn}</p>
            </li>
          ))}
        </ol>
      )}
    </article>
  );
}

/** A time as the reader's clock has it, and in UTC. */
async function Moment({ at }: { at: Date }) {
  const format = await serverFormat();
  const utc = format.utc(at).replace(/:\d\d UTC$/, " UTC");
  return (
    <time dateTime={at.toISOString()} title={utc}>
      {format.timeZone === "UTC" ? utc : `${format.dateTime(at)} (${utc})`}
    </time>
  );
}
