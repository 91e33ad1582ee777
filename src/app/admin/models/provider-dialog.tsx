"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { type FormEvent, useId, useState } from "react";
import type { ProviderJson, ProviderTestJson } from "#api/contract";
import { api, Problem } from "#ui/api";
import { TextField } from "#ui/office/text-field";
import { Button } from "#ui/primitives/button";
import { Dialog } from "#ui/primitives/dialog";
import { describedBy, Field, FieldError } from "#ui/primitives/field";
import { Select } from "#ui/primitives/select";
import { toast } from "#ui/primitives/toast";
import { Switch } from "#ui/primitives/toggle";
import { useProblemText } from "#ui/problem-text";
import { queryKeys } from "#ui/query-keys";
import { wholeOf } from "./cost";

type ProviderDialogProps = {
  onOpenChange: (open: boolean) => void;
  /** Null: a new one. */
  provider: ProviderJson | null;
};

const protocols = ["openai", "anthropic", "google"] as const satisfies readonly ProviderJson["protocol"][];

const limitNames = ["maxConcurrent", "maxPerMinute"] as const;

/** Where each is served by whoever made it. */
const addresses = {
  openai: "https://api.openai.com/v1",
  anthropic: "https://api.anthropic.com/v1",
  google: "https://generativelanguage.googleapis.com/v1beta",
} as const;

type Values = {
  name: string;
  protocol: ProviderJson["protocol"];
  baseUrl: string;
  key: string;
  maxConcurrent: string;
  maxPerMinute: string;
  enabled: boolean;
};

/** A provider's address, key and limits. The key is written and never shown. */
export function ProviderDialog({ open, ...props }: ProviderDialogProps & { open: boolean }) {
  // Mounted as it opens: it begins with what is stored, and keeps what is typed while the list is fetched anew.
  return open && <ProviderSheet {...props} />;
}

function ProviderSheet({ onOpenChange, provider }: ProviderDialogProps) {
  const t = useTranslations("officeModels");
  const common = useTranslations("common");
  const problemText = useProblemText();
  const queries = useQueryClient();
  const id = useId();
  const [values, setValues] = useState<Values>(() => valuesOf(provider));
  const [faults, setFaults] = useState<ReadonlyMap<string, string>>(new Map());
  const [refused, setRefused] = useState<string>();
  const [busy, setBusy] = useState<"save" | "test" | null>(null);
  const [tested, setTested] = useState<ProviderTestJson | null>(null);
  // The key that is kept goes to no other server.
  const stays = provider !== null && originOf(values.baseUrl) === originOf(provider.baseUrl);
  const set = (change: Partial<Values>) => {
    setValues({ ...values, ...change });
    setTested(null);
  };
  const attempt = async (kind: "save" | "test", work: () => Promise<void>) => {
    setBusy(kind);
    setFaults(new Map());
    setRefused(undefined);
    try {
      await work();
    } catch (error) {
      const errors = error instanceof Problem ? error.errors : [];
      setFaults(new Map(errors.map(({ path, message }) => [path.split(".").at(-1) ?? path, message])));
      if (errors.length === 0) setRefused(problemText(error));
    } finally {
      setBusy(null);
    }
  };
  const save = (event: FormEvent) => {
    event.preventDefault();
    const wrong = limitNames.filter((name) => Number.isNaN(wholeOf(values[name]) ?? 0));
    if (wrong.length > 0) return setFaults(new Map(wrong.map((name) => [name, common("wholeWrong")])));
    void attempt("save", async () => {
      const body = bodyOf(values, { keepsKey: stays });
      if (provider) await api.patch(`/admin/providers/${provider.id}`, body);
      else await api.post("/admin/providers", body);
      await queries.invalidateQueries({ queryKey: queryKeys.providers });
      toast.done(t(provider ? "changed" : "added", { name: values.name.trim() }));
      onOpenChange(false);
    });
  };
  const test = () =>
    void attempt("test", async () => {
      const key = values.key.trim();
      // The key that is kept is known to the server alone.
      const kept = provider && key === "" && values.baseUrl === provider.baseUrl;
      const { protocol } = values;
      const asked = kept
        ? { id: provider.id }
        : { protocol, baseUrl: values.baseUrl.trim(), key: key || null };
      setTested(await api.post<ProviderTestJson>("/admin/providers/test", asked));
      if (kept) await queries.invalidateQueries({ queryKey: queryKeys.providers });
    });
  const field = (name: keyof Omit<Values, "enabled" | "protocol">) => ({
    ...{ id: `${id}-${name}`, label: t(`field.${name}`), error: faults.get(name), value: values[name] },
    onText: (text: string) => set({ [name]: text }),
  });
  /** A protocol with one well-known address brings it along. */
  const choose = (wanted: string) => {
    const protocol = protocols.find((one) => one === wanted) ?? "openai";
    const untouched = values.baseUrl === "" || values.baseUrl === addresses[values.protocol];
    set({ protocol, ...(untouched && { baseUrl: protocol === "openai" ? "" : addresses[protocol] }) });
  };
  const keptHint = stays && provider ? provider.keyHint : null;
  const keptText = keptHint ? t("field.keyKept", { hint: keptHint }) : t("field.shortKeyKept");
  const keyHint = keptHint === null ? t("field.keyHint") : keptText;
  return (
    <Dialog
      shape="sheet"
      open
      onOpenChange={onOpenChange}
      dismissible={busy === null}
      title={t(provider ? "editProvider" : "addProvider")}
      description={t("providerText")}
      footer={
        <>
          <Button variant="secondary" onClick={test} busy={busy === "test"} disabled={!values.baseUrl.trim()}>
            {t("test")}
          </Button>
          <Button type="submit" form={`${id}-form`} busy={busy === "save"}>
            {common("save")}
          </Button>
        </>
      }
    >
      <form id={`${id}-form`} onSubmit={save} noValidate className="grid gap-4">
        <TextField {...field("name")} hint={t("field.nameHint")} />
        <Field
          id={`${id}-protocol`}
          label={t("field.protocol")}
          hint={values.protocol === "openai" ? t("field.protocolHint") : undefined}
        >
          <Select
            {...describedBy(`${id}-protocol`, { hint: values.protocol === "openai" })}
            value={values.protocol}
            onChange={({ target }) => choose(target.value)}
            options={protocols.map((value) => ({ value, label: t(`protocol.${value}`) }))}
          />
        </Field>
        <TextField
          {...field("baseUrl")}
          hint={t("field.baseUrlHint")}
          placeholder={addresses[values.protocol]}
        />
        <TextField
          {...field("key")}
          hint={keyHint}
          optional={keptHint === null}
          type="password"
          autoComplete="new-password"
        />
        <div className="grid grid-cols-2 items-start gap-4">
          <TextField {...field("maxConcurrent")} optional inputMode="numeric" />
          <TextField {...field("maxPerMinute")} optional inputMode="numeric" />
        </div>
        <Switch
          id={`${id}-enabled`}
          label={t("field.enabled")}
          hint={t("field.enabledHint")}
          checked={values.enabled}
          onCheckedChange={(enabled) => set({ enabled })}
        />
        <Tested tested={tested} />
        <FieldError id={`${id}-refused`} error={refused} />
      </form>
    </Dialog>
  );
}

/** What the provider said when it was tested. */
function Tested({ tested }: { tested: ProviderTestJson | null }) {
  const t = useTranslations("officeModels");
  if (!tested) return null;
  const { models, error, answered } = tested;
  return (
    <div role="status" className="grid gap-1 rounded-field border border-line bg-sunken px-3.5 py-3 text-13">
      <p className={models ? "text-ok" : "text-danger"}>
        {models
          ? t("answers", { count: models.length })
          : t(answered ? "answersOther" : "answersNot", { error: error ?? "" })}
      </p>
      {models && models.length > 0 && (
        <p className="max-h-24 overflow-y-auto break-words text-text-2">{models.join(", ")}</p>
      )}
    </div>
  );
}

function valuesOf(provider: ProviderJson | null): Values {
  const text = (count: number | null | undefined) => (count ? `${count}` : "");
  return {
    ...{ name: provider?.name ?? "", protocol: provider?.protocol ?? "openai" },
    ...{ baseUrl: provider?.baseUrl ?? "", key: "" },
    ...{ maxConcurrent: text(provider?.maxConcurrent), maxPerMinute: text(provider?.maxPerMinute) },
    enabled: provider?.enabled ?? true,
  };
}

function originOf(url: string): string | null {
  return URL.canParse(url) ? new URL(url).origin : null;
}

function bodyOf(
  { key, maxConcurrent, maxPerMinute, ...values }: Values,
  { keepsKey }: { keepsKey: boolean },
) {
  return {
    ...values,
    ...{ maxConcurrent: wholeOf(maxConcurrent), maxPerMinute: wholeOf(maxPerMinute) },
    ...((key.trim() || !keepsKey) && { key: key.trim() || null }),
  };
}
