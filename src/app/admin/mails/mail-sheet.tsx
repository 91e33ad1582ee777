"use client";

import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { MonoId, Time } from "#ui/data/cells";
import { useLast } from "#ui/office/use-last";
import { Dialog } from "#ui/primitives/dialog";
import { Skeleton } from "#ui/primitives/skeleton";
import { QueryState } from "#ui/state/query-state";
import { MailStatus } from "./mail-rows";
import { mailQuery } from "./queries";

/** One mail with its text; that of a mail that lets its reader in is shown to nobody. */
export function MailSheet({ id, onClose }: { id: string | null; onClose: () => void }) {
  const t = useTranslations("officeOperations.mails");
  const shown = useLast(id);
  return (
    <Dialog
      shape="sheet"
      className="sm:w-[520px]"
      open={id !== null}
      onOpenChange={(open) => !open && onClose()}
      title={t("sheet")}
    >
      {shown && <Facts id={shown} />}
    </Dialog>
  );
}

function Facts({ id }: { id: string }) {
  const t = useTranslations("officeOperations.mails");
  const mail = useQuery(mailQuery(id));
  return (
    <QueryState query={mail} failure={t("sheetFailure")} skeleton={<Skeleton className="h-40" />}>
      {({ subject, recipient, kind, status, attempts, error, createdAt, sentAt, text }) => (
        <div className="grid gap-5 text-13">
          <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-2 *:min-w-0 [&_dt]:text-text-3">
            <dt>{t("column.subject")}</dt>
            <dd className="break-words">{subject}</dd>
            <dt>{t("column.to")}</dt>
            <dd className="wrap-anywhere">{recipient}</dd>
            <dt>{t("column.kind")}</dt>
            <dd>
              <code className="text-12">{kind}</code> <MonoId id={id} label={t("sheet")} className="flex" />
            </dd>
            <dt>{t("column.status")}</dt>
            <dd>
              <MailStatus status={status} />
            </dd>
            <dt>{t("column.attempts")}</dt>
            <dd className="num">{attempts}</dd>
            <dt>{t("column.time")}</dt>
            <dd>
              <Time at={createdAt} show="dateTime" />
            </dd>
            {sentAt && (
              <>
                <dt>{t("sentAt")}</dt>
                <dd>
                  <Time at={sentAt} show="dateTime" />
                </dd>
              </>
            )}
            {error && (
              <>
                <dt>{t("column.error")}</dt>
                <dd className="break-words">
                  <code className="text-12">{error}</code>
                </dd>
              </>
            )}
          </dl>
          {text === null ? (
            <p className="rounded-field border border-line bg-sunken px-3.5 py-3 text-text-2">
              {t("secret")}
            </p>
          ) : (
            <pre className="rounded-field border border-line bg-sunken p-3.5 font-sans text-13 break-words whitespace-pre-wrap text-text">
              {text}
            </pre>
          )}
        </div>
      )}
    </QueryState>
  );
}
