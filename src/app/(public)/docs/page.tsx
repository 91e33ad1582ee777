import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { config } from "#platform/config";
import { refusals } from "#platform/refusal";
import { Button } from "#ui/primitives/button";
import { Card } from "#ui/primitives/card";
import { CodeBlock } from "#ui/public/code-block";
import { pageMetadata } from "#ui/shell/metadata";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("docs");
  return pageMetadata({ path: "/docs", title: t("title"), description: t("description") });
}

const steps = ["tools", "sign", "upload", "quote", "run"] as const;

export default async function DocsPage() {
  const t = await getTranslations("docs");
  const samples = samplesFor(config().baseUrl);
  return (
    <div className="page grid max-w-4xl gap-12 py-12 md:py-16">
      <header className="grid gap-4">
        <h1 className="font-display text-40 font-semibold">{t("title")}</h1>
        <p className="max-w-prose text-18 text-text-2">{t("lead")}</p>
        <div className="flex flex-wrap gap-3">
          <Button asChild variant="secondary">
            <a href="/api/docs">{t("reference")}</a>
          </Button>
          <Button asChild variant="quiet">
            <a href="/api/openapi.json">{t("openapi")}</a>
          </Button>
        </div>
      </header>
      {steps.map((step) => (
        <section key={step} aria-labelledby={step} className="grid gap-3">
          <h2 id={step} className="text-18 font-semibold">
            {t(`${step}Title`)}
          </h2>
          <p className="max-w-prose text-14 text-text-2">{t(`${step}Text`)}</p>
          <CodeBlock code={samples[step]} label={t("copy")} />
        </section>
      ))}
      <Errors />
    </div>
  );
}

/** Requests that run as they stand, once the shell has MAIL and PASSWORD. */
function samplesFor(base: string): Record<(typeof steps)[number], string> {
  return {
    tools: `curl ${base}/api/v1/tools`,
    sign: `MAIL=you@example.com PASSWORD='…'
curl -c cookies ${base}/api/auth/sign-in/email \\
  -H 'content-type: application/json' -H 'origin: ${base}' \\
  -d "{\\"email\\":\\"$MAIL\\",\\"password\\":\\"$PASSWORD\\"}"`,
    upload: `curl -O ${base}/samples/receipt-en.png
UPLOAD=$(curl -b cookies ${base}/api/v1/uploads -H 'origin: ${base}' \\
  -H 'idempotency-key: my-first-file' -F file=@receipt-en.png \\
  | sed 's/.*"id":"\\([^"]*\\)".*/\\1/')
echo $UPLOAD`,
    quote: `curl -b cookies ${base}/api/v1/tools/text-recognition/quote \\
  -H 'content-type: application/json' -H 'origin: ${base}' \\
  -d "{\\"input\\":{\\"images\\":[\\"$UPLOAD\\"]}}"`,
    run: `RUN=$(curl -b cookies ${base}/api/v1/tools/text-recognition/runs \\
  -H 'content-type: application/json' -H 'origin: ${base}' \\
  -H 'idempotency-key: my-first-run' \\
  -d "{\\"input\\":{\\"images\\":[\\"$UPLOAD\\"]}}" | sed 's/.*"id":"\\(run_[^"]*\\)".*/\\1/')
curl -b cookies ${base}/api/v1/runs/$RUN`,
  };
}

const listed = [
  "invalid_request",
  "unauthenticated",
  "mail_unverified",
  "insufficient_credits",
  "not_found",
  "idempotency_conflict",
  "upload_too_large",
  "upload_unsupported",
  "upload_corrupt",
  "tool_not_configured",
  "storage_full",
  "rate_limited",
  "busy",
] as const;

const retries: Readonly<Partial<Record<(typeof listed)[number], "later" | "sameKey">>> = {
  rate_limited: "later",
  busy: "sameKey",
};

async function Errors() {
  const t = await getTranslations("docs");
  const problems = await getTranslations("problems");
  return (
    <section aria-labelledby="errors" className="grid gap-3">
      <h2 id="errors" className="text-18 font-semibold">
        {t("errorsTitle")}
      </h2>
      <p className="max-w-prose text-14 text-text-2">{t("errorsText")}</p>
      <Card className="overflow-x-auto">
        <table className="w-full text-13">
          <thead className="text-left text-12 text-text-3">
            <tr className="*:h-9 *:border-b *:border-line *:px-4 *:font-medium *:whitespace-nowrap">
              <th scope="col">{t("status")}</th>
              <th scope="col">{t("code")}</th>
              <th scope="col">{t("meaning")}</th>
              <th scope="col">{t("again")}</th>
            </tr>
          </thead>
          <tbody>
            {listed.map((code) => (
              <tr key={code} className="border-b border-line last:border-0 *:px-4 *:py-2.5 *:align-top">
                <td className="num text-text-2">{refusals[code].status}</td>
                <td className="font-mono text-12">{code}</td>
                <td className="min-w-56 text-text-2">{problems(code, { seconds: 0 })}</td>
                <td className="whitespace-nowrap text-text-2">{t(retries[code] ?? "no")}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Card>
    </section>
  );
}
