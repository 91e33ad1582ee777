import { CircleAlert } from "lucide-react";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { cn } from "#cn";

type FieldProps = {
  /** The control's id; hint and error hang on it as `${id}-hint` and `${id}-error`. */
  id: string;
  label: ReactNode;
  hint?: ReactNode;
  error?: string | undefined;
  optional?: boolean;
  /** What stands at the label's right, such as "Forgot?". */
  aside?: ReactNode;
  className?: string;
  children: ReactNode;
};

/** A labelled control with its hint and its error. Give the control `describedBy(id, …)`. */
export function Field({ id, label, hint, error, optional = false, aside, className, children }: FieldProps) {
  const t = useTranslations("common");
  return (
    <div className={cn("grid min-w-0 content-start gap-1.5", className)}>
      <div className="flex items-baseline justify-between gap-3">
        <label htmlFor={id} className="text-13 font-medium text-text">
          {label}
          {optional && <span className="ml-1.5 font-normal text-text-3">{t("optional")}</span>}
        </label>
        {aside && <span className="text-13 text-text-2">{aside}</span>}
      </div>
      {children}
      {hint && (
        <p id={`${id}-hint`} className="text-13 text-text-3">
          {hint}
        </p>
      )}
      <FieldError id={id} error={error} />
    </div>
  );
}

/** The error of the control `id`, read out when it appears. */
export function FieldError({ id, error }: { id: string; error: string | undefined }) {
  return (
    <p id={`${id}-error`} role="alert" className="flex items-start gap-1.5 text-13 text-danger empty:hidden">
      {error && (
        <>
          <CircleAlert aria-hidden="true" className="mt-0.5 size-4 shrink-0" strokeWidth={1.75} />
          <span>{error}</span>
        </>
      )}
    </p>
  );
}

/** aria-describedby and aria-invalid for the control of a Field. */
export function describedBy(id: string, { hint, error }: { hint?: ReactNode; error?: string | undefined }) {
  const ids = [hint ? `${id}-hint` : null, error ? `${id}-error` : null].filter((name) => name !== null);
  return {
    id,
    "aria-invalid": error ? (true as const) : undefined,
    "aria-describedby": ids.length > 0 ? ids.join(" ") : undefined,
  };
}
