"use client";

import { History } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useState } from "react";
import type { RevisionView } from "#tools";
import { api } from "#ui/api";
import { ActDialog } from "#ui/office/act-dialog";
import { DifferenceList } from "#ui/office/tool-difference";
import { Badge } from "#ui/primitives/badge";
import { Button } from "#ui/primitives/button";
import { Card, CardBody, CardHeader } from "#ui/primitives/card";
import { toast } from "#ui/primitives/toast";
import { useFormat } from "#ui/use-format";

type Revision = Omit<RevisionView, "createdAt"> & { createdAt: string };
type RevisionsProps = {
  slug: string;
  /** Of a made tool no code says anything. */
  made: boolean;
  current: number;
  revisions: readonly Revision[];
  /** Before which revision the next page begins. */
  older: number | null;
  mayChange: boolean;
};

/** Who published what and why, newest first; each can be brought back as a new one. */
export function Revisions({ slug, made, current, revisions, older, mayChange }: RevisionsProps) {
  const t = useTranslations("officeTools.revisions");
  const [restoring, setRestoring] = useState<number | null>(null);
  return (
    <Card aria-labelledby="revisions" className="mt-5">
      <CardHeader
        id="revisions"
        title={t("title")}
        action={
          mayChange &&
          !made &&
          current > 0 && (
            <Button variant="quiet" size="sm" onClick={() => setRestoring(0)}>
              {t("code")}
            </Button>
          )
        }
      />
      <CardBody>
        {revisions.length === 0 ? (
          <p className="flex items-center gap-2 text-13 text-text-2">
            <History aria-hidden="true" className="size-4" strokeWidth={1.75} />
            {t(made ? "emptyMade" : "empty")}
          </p>
        ) : (
          <ol className="grid gap-4">
            {revisions.map((revision) => (
              <li
                key={revision.revision}
                className="grid gap-2 border-t border-line pt-4 first:border-0 first:pt-0"
              >
                <Head revision={revision} published={revision.revision === current}>
                  {mayChange && revision.revision !== current && (
                    <Button
                      variant="secondary"
                      size="sm"
                      aria-label={t("restoreOf", { revision: revision.revision })}
                      onClick={() => setRestoring(revision.revision)}
                    >
                      {t("restore")}
                    </Button>
                  )}
                </Head>
                {revision.reason && <p className="text-13 text-text-2">{revision.reason}</p>}
                {revision.difference.length > 0 ? (
                  <DifferenceList difference={revision.difference} />
                ) : (
                  <p className="text-13 text-text-3">
                    {t(made && revision.revision === 1 ? "first" : "moved")}
                  </p>
                )}
              </li>
            ))}
          </ol>
        )}
        {older !== null && (
          <Link
            href={`/admin/tools/${slug}?before=${older}`}
            className="mt-4 inline-block text-13 font-medium underline-offset-3 hover:underline"
          >
            {t("older")}
          </Link>
        )}
      </CardBody>
      <Restore slug={slug} base={current} revision={restoring} onClose={() => setRestoring(null)} />
    </Card>
  );
}

type HeadProps = { revision: Revision; published: boolean; children: React.ReactNode };

function Head({
  revision: { revision, createdAt, authorMail, restoredFrom },
  published,
  children,
}: HeadProps) {
  const t = useTranslations("officeTools");
  const format = useFormat();
  const who = authorMail ?? t("revisions.terminal");
  return (
    <div className="flex flex-wrap items-center justify-between gap-2">
      <p className="flex flex-wrap items-center gap-x-3 gap-y-1 text-13">
        <span className="font-semibold text-text">{t("revision", { revision })}</span>
        {published && <Badge tone="ok">{t("revisions.current")}</Badge>}
        <span className="wrap-anywhere text-text-3">
          {t("revisions.by", { who, time: format.dateTime(createdAt) })}
        </span>
        {restoredFrom !== null && (
          <span className="text-text-3">{t("revisions.restored", { revision: restoredFrom })}</span>
        )}
      </p>
      {children}
    </div>
  );
}

type RestoreProps = { slug: string; base: number; revision: number | null; onClose: () => void };

function Restore({ slug, base, revision, onClose }: RestoreProps) {
  const t = useTranslations("officeTools");
  const router = useRouter();
  return (
    <ActDialog
      open={revision !== null}
      onOpenChange={(open) => !open && onClose()}
      title={
        revision === 0 ? t("revisions.codeTitle") : t("revisions.restoreTitle", { revision: revision ?? 0 })
      }
      act={t("revisions.restore")}
      onAct={async (reason) => {
        const done = await api.post<{ revision: number }>(`/admin/tools/${slug}/restore`, {
          ...{ revision, base, reason },
        });
        toast.done(t("published", done));
        router.refresh();
      }}
    >
      <p className="text-14 text-text-2">{t("revisions.restoreText")}</p>
    </ActDialog>
  );
}
