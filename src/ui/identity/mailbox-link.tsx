import { Inbox } from "lucide-react";
import { useTranslations } from "next-intl";
import { Button } from "#ui/primitives/button";

/** On a development site mail goes nowhere: this leads to where it stays. */
export function MailboxLink({ to }: { to?: string | null }) {
  const t = useTranslations("auth");
  return (
    <Button asChild variant="secondary" size="lg" className="w-full">
      <a href={to ? `/dev/mailbox?search=${encodeURIComponent(to)}` : "/dev/mailbox"}>
        <Inbox aria-hidden="true" strokeWidth={1.75} />
        {t("openMailbox")}
      </a>
    </Button>
  );
}
